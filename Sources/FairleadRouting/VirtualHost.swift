/// One port of one service: the names that clients call it by, and what becomes of a call.
package struct VirtualHost: Sendable, Hashable {
  package var service: ServiceIdentity
  package var port: Int
  /// Every authority that means this port of this service, in lower case: `name`, `name.ns`, `name.ns.svc` and the full
  /// name, each with `:port`, and without it where the port goes without saying.
  package var domains: [String]
  /// What is balanced on this port: RPCs, or connections as they come.
  package var balancing: BalancingUnit
  /// In order; the first that matches wins. Empty: the call fails with NR.
  package var routes: [Route]

  package init(
    service: ServiceIdentity, port: Int, domains: [String], balancing: BalancingUnit,
    routes: [Route]
  ) {
    self.service = service
    self.port = port
    self.domains = domains
    self.balancing = balancing
    self.routes = routes
  }
}

/// What a port's traffic is balanced by.
package enum BalancingUnit: Sendable, Hashable {
  /// Each RPC; connections that do not speak HTTP/2 fall back to this scheduler.
  case rpc(fallback: ConnectionScheduler)
  /// Each TCP connection, whatever it carries, as kube-proxy does.
  case connection(ConnectionScheduler)
}

/// How connections are spread, by kube-proxy's names.
package enum ConnectionScheduler: String, Sendable, Hashable, CaseIterable {
  /// As in iptables mode.
  case random
  /// As in ipvs mode.
  case roundRobin = "rr"
  /// ipvs's least connections.
  case leastConnections = "lc"
}
