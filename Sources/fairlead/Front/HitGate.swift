import Synchronization

/// Lets so many hits in at a time, and no more. Safe to use from any thread.
final class HitGate: Sendable {
  /// What becomes of a hit.
  enum Verdict: Sendable, Hashable {
    /// ``leave()`` is to be called when it has ended.
    case enter
    /// - Parameter isNews: Whether it is the first one since there was room for half of them.
    case refuse(isNews: Bool)
  }

  private struct State {
    var running = 0
    var isCrowded = false
  }

  let limit: Int
  private let state = Mutex(State())

  init(limit: Int) {
    self.limit = limit
  }

  func enter() -> Verdict {
    self.state.withLock { state in
      guard state.running < self.limit else {
        defer { state.isCrowded = true }
        return .refuse(isNews: !state.isCrowded)
      }
      state.running += 1
      return .enter
    }
  }

  func leave() {
    self.state.withLock { state in
      state.running -= 1
      if state.running <= self.limit / 2 { state.isCrowded = false }
    }
  }
}
