/// What was counted for one bound port, on the clients' side.
///
/// Like ``EndpointMetrics`` a plain value of one event loop.
package struct ListenerMetrics: Sendable {
  /// What it is called in the `listener` label: the address it was bound to, for example.
  package var name: String
  package private(set) var connectionsOpened: UInt64 = 0
  package private(set) var connectionsClosed: [CloseReason: UInt64] = [:]
  /// Connection errors of HTTP/2 that clients caused.
  package private(set) var protocolErrors: UInt64 = 0
  /// How often clients went over a limit, by the limit's name. The names are the proxy's own, never a peer's words.
  package private(set) var limitsTripped: [String: UInt64] = [:]
  /// Calls that belong to no cluster: no route (NR), no cluster (NC), refused before they were routed.
  package var unrouted = CallCounters()

  package init(name: String) {
    self.name = name
  }

  /// Connections that are open.
  package var connectionsActive: UInt64 {
    let closed = connectionsClosed.values.reduce(0, +)
    return connectionsOpened > closed ? connectionsOpened - closed : 0
  }

  package mutating func connectionOpened() {
    connectionsOpened &+= 1
  }

  package mutating func connectionClosed(_ reason: CloseReason) {
    connectionsClosed[reason, default: 0] &+= 1
  }

  package mutating func protocolErrorSeen() {
    protocolErrors &+= 1
  }

  package mutating func limitTripped(_ limit: String) {
    limitsTripped[limit, default: 0] &+= 1
  }

  /// Adds what another worker counted for the same listener.
  package static func += (total: inout ListenerMetrics, other: ListenerMetrics) {
    total.connectionsOpened &+= other.connectionsOpened
    total.connectionsClosed.merge(other.connectionsClosed) { $0 &+ $1 }
    total.protocolErrors &+= other.protocolErrors
    total.limitsTripped.merge(other.limitsTripped) { $0 &+ $1 }
    total.unrouted += other.unrouted
  }
}
