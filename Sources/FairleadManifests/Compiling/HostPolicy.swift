/// What the DestinationRules in force say of one host.
struct HostPolicy {
  var trafficPolicy: Istio.DestinationRule.TrafficPolicy?
  var subsets: [Istio.DestinationRule.Subset] = []

  func subset(_ name: String) -> Istio.DestinationRule.Subset? {
    subsets.first { $0.name == name }
  }

  /// The load balancer for one port of the host or of a subset (Istio's merge, block by block).
  ///
  /// A port-level entry stands for the whole policy at its port: what it leaves out is the default,
  /// not inherited. A subset's policy overrides the host's only by the blocks that it has, unless
  /// it has an entry for the port.
  func loadBalancer(port: Int, subset name: String?) -> Istio.DestinationRule.LoadBalancer {
    let base = Self.loadBalancer(trafficPolicy, port: port)
    guard let name, let own = Self.loadBalancer(subset(name)?.trafficPolicy, port: port) else {
      return base ?? .unspecified
    }
    return own
  }

  /// `nil` if the policy says nothing of the load balancer at this port.
  private static func loadBalancer(
    _ policy: Istio.DestinationRule.TrafficPolicy?, port: Int
  ) -> Istio.DestinationRule.LoadBalancer? {
    guard let policy else { return nil }
    guard let entry = policy.portLevel[port] else { return policy.loadBalancer }
    return entry.loadBalancer ?? .unspecified
  }
}
