import FairleadBalancing
import GRPCCore

/// Connections in a row that servers ended before any call, of each endpoint: a server that takes connections and no calls
/// would otherwise keep calls waiting for ever, as no attempt to connect fails.
struct VainConnections: Sendable {
  /// What came of an endpoint's connections so far.
  private struct Record {
    /// How many in a row.
    var count = 0
    /// The last attempt came to no connection.
    var isUnreachable = false
  }

  private var records: [SubchannelID: Record] = [:]
  /// The connection that was lost last, and why.
  private(set) var last: (id: ConnectionID, reason: String)?

  /// - Parameter hadCalls: Whether it ever carried a call.
  mutating func lost(_ id: ConnectionID, hadCalls: Bool, reason: String) {
    let count = records[id.subchannel]?.count ?? 0
    records[id.subchannel] = Record(count: hadCalls ? 0 : count + 1)
    last = (id, reason)
  }

  /// An attempt to connect to the endpoint has failed.
  mutating func unreachable(_ id: SubchannelID) {
    records[id, default: Record()].isUnreachable = true
  }

  /// The endpoint is no longer used.
  mutating func forget(_ id: SubchannelID) {
    records[id] = nil
  }

  /// Why a call is not to wait any longer: one of the endpoints had so many, and none is left to hope for.
  ///
  /// - Parameter endpoints: Those that are tried.
  func failure(limit: Int?, of endpoints: some Sequence<SubchannelID>) -> RPCError? {
    guard let limit, let last else { return nil }
    var wasReached = false
    for id in endpoints {
      guard let record = records[id] else { return nil }
      if record.count >= limit {
        wasReached = true
      } else if !record.isUnreachable {
        return nil
      }
    }
    return wasReached ? ChannelFailure.shortLived(last.reason) : nil
  }

  /// Why the connection that was lost last ended, if that was before any call.
  var reason: String? {
    last.flatMap { last in
      records[last.id.subchannel].flatMap { $0.count > 0 ? last.reason : nil }
    }
  }

  /// Why a connection was lost, if it was the last one.
  func reason(of id: ConnectionID) -> String? {
    last?.id == id ? last?.reason : nil
  }
}
