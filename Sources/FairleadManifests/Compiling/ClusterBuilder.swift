import FairleadBalancing
import FairleadRouting

/// Fills the clusters of one service with endpoints.
struct ClusterBuilder {
  let collector: EndpointCollector

  /// The clusters of a service in the order of its plan, and what is remarkable about their endpoints.
  struct Result {
    var clusters: [Cluster]
    var findings: FindingList
  }

  /// So many findings of one service are shown.
  private static let findingLimit = 200

  func build(_ plan: ServicePlan) -> Result {
    var findings = FindingList(limit: Self.findingLimit)
    let ports = collector.endpoints(of: plan.service, findings: &findings)
    reportEmpty(plan.service, ports, findings: &findings)
    reportUnusedSlices(of: plan.service, findings: &findings)
    let clusters = plan.clusters.map { entry in
      cluster(entry, of: plan.service, ports[entry.port], findings: &findings)
    }
    return Result(clusters: clusters, findings: findings)
  }

  private func cluster(
    _ plan: ServicePlan.ClusterPlan, of service: HostedService, _ port: PortEndpoints,
    findings: inout FindingList
  ) -> Cluster {
    var endpoints = port.endpoints
    if let subset = plan.subset {
      endpoints = EndpointSet(
        endpoints.endpoints.filter { Labels.match(subset.labels, $0.labels) })
      if endpoints.isEmpty, !port.endpoints.isEmpty {
        reportEmpty(subset, of: service, findings: &findings)
      }
    }
    let cluster = Cluster(
      service: service.identity, port: service.ports[plan.port].number,
      subset: plan.subset?.name,
      policyName: Self.policyName(plan.loadBalancer, endpoints: endpoints), endpoints: endpoints,
      targets: port.targets, isResolved: port.isComplete || !endpoints.isEmpty,
      retriesLostCalls: service.balancing.retriesLostCalls)
    reportWeights(of: cluster, plan, service, findings: &findings)
    return cluster
  }

  /// By the names of FairleadBalancing's registry. Without a policy calls go round robin: Istio's
  /// own default, `LEAST_REQUEST`, is a draw of two, and two pods under light load are then not
  /// seen to alternate.
  private static func policyName(
    _ loadBalancer: Istio.DestinationRule.LoadBalancer, endpoints: EndpointSet
  ) -> String {
    switch loadBalancer {
    case .unspecified, .roundRobin:
      endpoints.hasWeights ? "weighted_round_robin" : "round_robin"
    case .leastRequest: "least_request"
    case .random: "random"
    }
  }

  private func reportWeights(
    of cluster: Cluster, _ plan: ServicePlan.ClusterPlan, _ service: HostedService,
    findings: inout FindingList
  ) {
    guard cluster.policyName == "random", cluster.endpoints.hasWeights else { return }
    let host = quoted(service.identity.host)
    let name = plan.subset.map { "the subset \(quoted($0.name)) of \(host)" } ?? host
    findings.add(
      .warning, .notHonoured,
      "the weights of the endpoints of \(name) have no effect with `RANDOM`; "
        + "use `ROUND_ROBIN` or `LEAST_REQUEST`", at: plan.subset?.origin ?? service.origin)
  }

  private func reportEmpty(
    _ subset: Istio.DestinationRule.Subset, of service: HostedService,
    findings: inout FindingList
  ) {
    let labels = subset.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    findings.add(
      .warning, .noEndpoints,
      "no endpoint of \(quoted(service.identity.host)) has the labels "
        + quoted(labels.joined(separator: ",")), at: subset.origin)
  }

  // MARK: Services without endpoints

  /// A target that has not answered is no finding: nothing is known yet.
  private func reportEmpty(
    _ service: HostedService, _ ports: [PortEndpoints], findings: inout FindingList
  ) {
    guard !ports.isEmpty, ports.allSatisfy({ $0.endpoints.isEmpty && $0.isComplete }) else {
      return
    }
    let name =
      switch service.source {
      case .service(let object): "Service \(quoted(object.metadata.key.description))"
      case .entry: "the host \(quoted(service.identity.host))"
      }
    guard let reason = reason(service, ports) else { return }
    findings.add(
      .warning, .noEndpoints, "\(name) has no endpoints: \(reason)", at: service.origin)
  }

  /// A selector beside a target is reported when it is read, and slices come with selectors.
  private func reportUnusedSlices(of service: HostedService, findings: inout FindingList) {
    guard case .service(let object) = service.source, let target = object.target,
      object.selector.isEmpty, collector.index.hasSlices(object.metadata.key)
    else { return }
    findings.add(
      .warning, .notHonoured,
      "the EndpointSlices of Service \(quoted(object.metadata.key.description)) are not used, as its "
        + "endpoints come from \(quoted(target))", at: service.origin)
  }

  private func reason(_ service: HostedService, _ ports: [PortEndpoints]) -> String? {
    let targets = Set(ports.flatMap(\.targets)).sorted()
    if !targets.isEmpty {
      return "\(targets.map { quoted($0) }.joined(separator: ", ")) resolved to none"
    }
    // A ServiceEntry without any is refused when it is read.
    guard case .service(let object) = service.source else { return nil }
    if collector.index.hasSlices(object.metadata.key) {
      return "its EndpointSlices have none that is ready"
    }
    if object.selector.isEmpty { return "it has neither a selector nor EndpointSlices" }
    if collector.selected(by: object).isEmpty { return "its selector matches no pod" }
    return "none of the pods that its selector matches can be called"
  }
}

extension EndpointSet {
  /// Whether some endpoints are to get more calls than others.
  fileprivate var hasWeights: Bool {
    guard let first = endpoints.first else { return false }
    return endpoints.contains { $0.weight != first.weight }
  }
}
