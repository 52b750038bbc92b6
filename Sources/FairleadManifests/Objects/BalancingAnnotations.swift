import FairleadRouting

/// What the annotations `fairlead.dev/…` of a Service or ServiceEntry ask for.
package struct BalancingAnnotations: Sendable, Hashable {
  /// `fairlead.dev/balance: connection`: balance TCP connections whatever the port's protocol.
  package var balancesConnections: Bool
  /// `fairlead.dev/scheduler`: how connections are spread, for ports and connections that are not
  /// balanced by RPC.
  package var scheduler: ConnectionScheduler
  /// `fairlead.dev/target`: in gRPC's syntax, what all endpoints come from instead of the object; `nil` if it is not set.
  package var target: String?
  /// `fairlead.dev/retry-on: reset`: a call whose connection was lost before the endpoint answered goes to another one, though
  /// the first may have served it. For services whose calls may be made twice.
  package var retriesLostCalls: Bool

  package init(
    balancesConnections: Bool = false, scheduler: ConnectionScheduler = .random,
    target: String? = nil, retriesLostCalls: Bool = false
  ) {
    self.balancesConnections = balancesConnections
    self.scheduler = scheduler
    self.target = target
    self.retriesLostCalls = retriesLostCalls
  }

  /// RPCs, and connections that carry none at random, as kube-proxy in iptables mode spreads them.
  package static let none = BalancingAnnotations()

  /// The unit for one port.
  ///
  /// - Parameter appProtocol: the port's `appProtocol`. The names of protocols that cannot be read
  ///   as HTTP/2 without
  ///   being decrypted, or in which the server speaks first, mean connections (Istio's protocol selection).
  package func unit(appProtocol: String?) -> BalancingUnit {
    let isOpaque =
      switch appProtocol?.lowercased() {
      case "tcp", "tls", "mysql", "mongo", "redis": true
      default: false
      }
    return balancesConnections || isOpaque ? .connection(scheduler) : .rpc(fallback: scheduler)
  }
}
