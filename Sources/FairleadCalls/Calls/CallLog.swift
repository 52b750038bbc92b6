import Synchronization

/// What happens in the tasks of one call.
final class CallLog: Sendable {
  private struct State {
    var sent = 0
    var received = 0
    var problem: (any Error)?
  }

  private let state = Mutex(State())

  /// The first thing that went wrong on our side.
  var problem: (any Error)? { self.state.withLock(\.problem) }

  var counts: (sent: Int, received: Int) { self.state.withLock { ($0.sent, $0.received) } }

  func sent() {
    self.state.withLock { $0.sent += 1 }
  }

  func received() {
    self.state.withLock { $0.received += 1 }
  }

  func fail(_ error: any Error) {
    self.state.withLock { $0.problem = $0.problem ?? error }
  }
}
