import DequeModule

/// Calls that wait, in the order in which they came. Removing one is cheap.
struct WaitingCalls<Waiter: Sendable>: Sendable {
  struct Call: Sendable {
    let waiter: Waiter
    let request: CallRequest
  }

  private var calls: [Int: Call] = [:]
  /// Those that no subchannel was chosen for. Some may be gone.
  private var order: Deque<Int> = []

  var count: Int { calls.count }

  /// How much is kept, for calls that gave up too.
  var length: Int { order.count }

  subscript(id: Int) -> Call? { calls[id] }

  mutating func insert(_ id: Int, _ call: Call) {
    calls[id] = call
  }

  /// It has no subchannel yet.
  mutating func queue(_ id: Int) {
    order.append(id)
    if order.count > 2 * calls.count + 64 {
      order.removeAll { calls[$0] == nil }
    }
  }

  /// Puts calls that were given to a subchannel back at the head.
  mutating func prepend(_ ids: some Collection<Int>) {
    for id in ids.reversed() where calls[id] != nil {
      order.prepend(id)
    }
  }

  mutating func remove(_ id: Int) -> Call? {
    calls.removeValue(forKey: id)
  }

  /// The calls without a subchannel, which the caller disposes of.
  mutating func takeOrder() -> [Int] {
    defer { order.removeAll() }
    return order.filter { calls[$0] != nil }
  }

  mutating func removeAll() -> [Call] {
    defer {
      calls.removeAll()
      order.removeAll()
    }
    return calls.sorted { $0.key < $1.key }.map(\.value)
  }
}
