import Synchronization

/// A door that tasks wait at until a test opens it. Once open, it stays open.
final class Gate: Sendable {
  private struct State {
    var isOpen = false
    var nextID = 0
    var waiters: [Int: AsyncStream<Never>.Continuation] = [:]
  }

  private let state = Mutex(State())

  var isOpen: Bool {
    self.state.withLock { $0.isOpen }
  }

  /// How many stand in front of it now.
  var waiting: Int {
    self.state.withLock { $0.waiters.count }
  }

  /// Lets everybody through, now and later.
  func open() {
    let waiters = self.state.withLock { state in
      state.isOpen = true
      defer { state.waiters.removeAll() }
      return Array(state.waiters.values)
    }
    for waiter in waiters { waiter.finish() }
  }

  /// Returns when the gate is open, or at once when the task is cancelled.
  func wait() async {
    await self.enter().wait()
  }

  /// A place in front of the gate that can also be given up from outside.
  func enter() -> Waiter {
    let (stream, continuation) = AsyncStream<Never>.makeStream()
    let id = self.state.withLock { state -> Int? in
      guard !state.isOpen else { return nil }
      state.nextID += 1
      state.waiters[state.nextID] = continuation
      return state.nextID
    }
    if id == nil { continuation.finish() }
    return Waiter(stream: stream, gate: self, id: id)
  }

  private func leave(_ id: Int) {
    let waiter = self.state.withLock { $0.waiters.removeValue(forKey: id) }
    waiter?.finish()
  }

  /// One place in front of a gate.
  struct Waiter: Sendable {
    fileprivate let stream: AsyncStream<Never>
    fileprivate let gate: Gate
    fileprivate let id: Int?

    /// Returns when the gate is open, `leave` was called, or the task is cancelled.
    func wait() async {
      for await _ in self.stream {}
      self.leave()
    }

    /// Gives the place up.
    func leave() {
      if let id = self.id { self.gate.leave(id) }
    }
  }
}
