import GRPCCore

/// Connections in a row that servers ended before any call: a server that takes connections and no calls would otherwise
/// keep calls waiting for ever, as no attempt to connect fails.
struct VainConnections: Sendable {
  private(set) var count = 0
  /// The connection that was lost last, and why.
  private(set) var last: (id: ConnectionID, reason: String)?

  /// - Parameter hadCalls: Whether it ever carried a call.
  mutating func lost(_ id: ConnectionID, hadCalls: Bool, reason: String) {
    count = hadCalls ? 0 : count + 1
    last = (id, reason)
  }

  /// Why a call is not to wait any longer, if there were so many.
  func failure(limit: Int?) -> RPCError? {
    guard let limit, count >= limit, let last else { return nil }
    return ChannelFailure.shortLived(last.reason)
  }

  /// Why a connection was lost, if it was the last one.
  func reason(of id: ConnectionID) -> String? {
    last?.id == id ? last?.reason : nil
  }
}
