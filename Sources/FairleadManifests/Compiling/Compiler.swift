import FairleadBalancing
import FairleadRouting

/// Turns a store of objects into virtual hosts, routes and clusters, with findings.
///
/// Pure: equal stores give equal results. What it cannot resolve is a finding and fails the calls
/// it concerns, never others: a route to an unknown subset names a cluster that does not exist
/// (NC).
package struct Compiler: Sendable {
  package var options: CompileOptions

  package init(options: CompileOptions = CompileOptions()) {
    self.options = options
  }

  /// - Parameter answers: what resolvers have answered, by target.
  package func compile(
    _ store: ObjectStore, answers: [String: EndpointSet] = [:]
  ) -> CompiledConfiguration {
    var findings = FindingList()
    let registry = ServiceRegistry(store: store, options: options, findings: &findings)
    let policies = PolicyTable(
      store: store, registry: registry, options: options, findings: &findings)
    var routes = RouteBuilder(
      store: store, registry: registry, policies: policies, options: options)
    var hosts: [VirtualHost] = []
    var claimed = Set<String>()
    for service in registry.services {
      let byPort = routes.routes(of: service, findings: &findings)
      for (port, list) in zip(service.ports, byPort) {
        let domains = service.domains(of: port).filter { claimed.insert($0).inserted }
        hosts.append(
          VirtualHost(
            service: service.identity, port: port.number, domains: domains, balancing: port.unit,
            routes: list))
      }
    }
    routes.reportRules(findings: &findings)
    let clusters = clusters(registry, policies, routes.subsets, &findings)
    let summary = ConfigurationSummary(
      services: registry.services.count, routes: routes.usedRuleCount,
      endpoints: Set(clusters.flatMap(\.endpoints.endpoints).map(\.address)).count)
    return CompiledConfiguration(
      virtualHosts: hosts, clusters: clusters, findings: findings.all.sorted(), summary: summary)
  }

  // MARK: Clusters

  /// One for each port of each service, and one for each subset of it that a route leads to.
  private func clusters(
    _ registry: ServiceRegistry, _ policies: PolicyTable, _ uses: Set<RouteBuilder.SubsetUse>,
    _ findings: inout FindingList
  ) -> [Cluster] {
    var clusters: [Cluster] = []
    for service in registry.services {
      let policy = policies[service.identity.host]
      for port in service.ports {
        let whole = cluster(service, port, subset: nil, policy)
        reportWeights(
          of: whole, quoted(service.identity.host), at: service.origin, findings: &findings)
        clusters.append(whole)
        for subset in policy.subsets {
          let use = RouteBuilder.SubsetUse(
            host: service.identity.host, port: port.number, subset: subset.name)
          guard uses.contains(use) else { continue }
          let cluster = cluster(service, port, subset: subset, policy)
          if cluster.endpoints.isEmpty, !port.endpoints.isEmpty {
            reportEmpty(subset, of: service, findings: &findings)
          }
          let name = "the subset \(quoted(subset.name)) of \(quoted(service.identity.host))"
          reportWeights(of: cluster, name, at: subset.origin, findings: &findings)
          clusters.append(cluster)
        }
      }
      reportUnused(policy.subsets, of: service, uses: uses, findings: &findings)
    }
    return clusters.sorted { $0.name < $1.name }
  }

  private func cluster(
    _ service: HostedService, _ port: HostedService.Port,
    subset: Istio.DestinationRule.Subset?, _ policy: HostPolicy
  ) -> Cluster {
    var endpoints = port.endpoints
    if let subset {
      endpoints = EndpointSet(
        endpoints.endpoints.filter { Labels.match(subset.labels, $0.labels) })
    }
    let loadBalancer = policy.loadBalancer(port: port.number, subset: subset?.name)
    return Cluster(
      service: service.identity, port: port.number, subset: subset?.name,
      policyName: Self.policyName(loadBalancer, endpoints: endpoints), endpoints: endpoints)
  }

  /// By the names of FairleadBalancing's registry. Without a policy calls go round robin: Istio's
  /// own default, `LEAST_REQUEST`, is a draw of two, and two pods under light load are then not
  /// seen to alternate.
  private static func policyName(
    _ loadBalancer: Istio.DestinationRule.LoadBalancer, endpoints: EndpointSet
  ) -> String {
    switch loadBalancer {
    case .unspecified, .roundRobin:
      Set(endpoints.endpoints.map(\.weight)).count > 1 ? "weighted_round_robin" : "round_robin"
    case .leastRequest: "least_request"
    case .random: "random"
    }
  }

  private func reportWeights(
    of cluster: Cluster, _ name: String, at origin: Origin, findings: inout FindingList
  ) {
    let weights = Set(cluster.endpoints.endpoints.map(\.weight))
    guard weights.count > 1, cluster.policyName == "random" else { return }
    findings.add(
      .warning, .notHonoured,
      "the weights of the endpoints of \(name) have no effect with `RANDOM`; "
        + "use `ROUND_ROBIN` or `LEAST_REQUEST`", at: origin)
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

  private func reportUnused(
    _ subsets: [Istio.DestinationRule.Subset], of service: HostedService,
    uses: Set<RouteBuilder.SubsetUse>, findings: inout FindingList
  ) {
    for subset in subsets {
      let isUsed = service.ports.contains {
        uses.contains(
          RouteBuilder.SubsetUse(
            host: service.identity.host, port: $0.number, subset: subset.name))
      }
      if !isUsed {
        findings.add(
          .info, .unusedSubset,
          "no route leads to the subset \(quoted(subset.name)) of "
            + quoted(service.identity.host), at: subset.origin)
      }
    }
  }
}
