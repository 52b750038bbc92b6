import Synchronization

/// Why a connection takes no more calls, once it does not. Safe to use from any thread.
final class ConnectionLoss: Sendable {
  private let state = Mutex<String?>(nil)

  /// For the middle of a sentence; `nil` while nothing is wrong.
  var reason: String? { state.withLock(\.self) }

  /// The first loss is the reason of all that follow.
  func note(_ news: ConnectionNews) {
    switch news {
    case .settings: break
    case .lost(let reason, _): state.withLock { $0 = $0 ?? reason }
    }
  }
}
