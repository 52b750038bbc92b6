import FairleadRouting

/// The clusters of one service, before their endpoints are known. Equal ones with equal endpoints make equal clusters.
struct ServicePlan: Hashable {
  var service: HostedService
  /// For each port one of the whole service, then those of the subsets that a route leads to.
  var clusters: [ClusterPlan]

  struct ClusterPlan: Hashable {
    var name: String
    /// Index into the service's ports.
    var port: Int
    /// `nil` for the whole service.
    var subset: Istio.DestinationRule.Subset?
    var loadBalancer: Istio.DestinationRule.LoadBalancer
  }

  /// - Parameter uses: the subsets that a route leads to.
  init(
    _ service: HostedService, policy: HostPolicy, uses: Set<RouteBuilder.SubsetUse>
  ) {
    self.service = service
    let host = service.identity.host
    clusters = service.ports.indices.flatMap { index in
      let number = service.ports[index].number
      let used = policy.subsets.filter {
        uses.contains(RouteBuilder.SubsetUse(host: host, port: number, subset: $0.name))
      }
      return ([nil] + used).map { subset in
        ClusterPlan(
          name: Cluster.name(host: host, port: number, subset: subset?.name), port: index,
          subset: subset,
          loadBalancer: policy.loadBalancer(port: number, subset: subset?.name))
      }
    }
  }
}
