import FairleadRouting

/// Everything of a configuration that does not depend on endpoints.
///
/// It is made of Services, ServiceEntries, VirtualServices and DestinationRules; a change of EndpointSlices or Pods leaves it
/// as it is.
struct ConfigurationPlan: Sendable {
  /// By namespace, name and host.
  private(set) var services: [ServicePlan] = []
  private(set) var hosts = VirtualHostTable([])
  private(set) var findings = FindingList()
  /// Rules of VirtualServices in force.
  private(set) var routeCount = 0
  /// Index into `services`.
  private var indexByHost: [String: Int] = [:]
  /// Index into `services` of those that are Services.
  private(set) var indexByKey: [ObjectKey: Int] = [:]
  /// Indexes into `services` of those with endpoints from a target.
  private(set) var indexesByTarget: [String: [Int]] = [:]

  /// Of an empty store.
  init() {}

  init(store: ObjectStore, options: CompileOptions) {
    let registry = ServiceRegistry(store: store, options: options, findings: &findings)
    let policies = PolicyTable(
      store: store, registry: registry, options: options, findings: &findings)
    var routes = RouteBuilder(
      store: store, registry: registry, policies: policies, options: options)
    hosts = Self.hosts(of: registry, &routes, &findings)
    routes.reportRules(findings: &findings)
    routeCount = routes.usedRuleCount
    for service in registry.services {
      let policy = policies[service.identity.host]
      Self.reportUnused(policy.subsets, of: service, uses: routes.subsets, findings: &findings)
      add(ServicePlan(service, policy: policy, uses: routes.subsets))
    }
  }

  subscript(host: String) -> ServicePlan? {
    indexByHost[host].map { services[$0] }
  }

  private mutating func add(_ plan: ServicePlan) {
    let index = services.count
    services.append(plan)
    indexByHost[plan.service.identity.host] = index
    if case .service(let object) = plan.service.source {
      indexByKey[object.metadata.key] = index
    }
    for target in plan.service.targets {
      indexesByTarget[target, default: []].append(index)
    }
  }

  private static func hosts(
    of registry: ServiceRegistry, _ routes: inout RouteBuilder, _ findings: inout FindingList
  ) -> VirtualHostTable {
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
    return VirtualHostTable(hosts)
  }

  private static func reportUnused(
    _ subsets: [Istio.DestinationRule.Subset], of service: HostedService,
    uses: Set<RouteBuilder.SubsetUse>, findings: inout FindingList
  ) {
    let host = service.identity.host
    for subset in subsets {
      let isUsed = service.ports.contains {
        uses.contains(RouteBuilder.SubsetUse(host: host, port: $0.number, subset: subset.name))
      }
      if !isUsed {
        findings.add(
          .info, .unusedSubset,
          "no route leads to the subset \(quoted(subset.name)) of \(quoted(host))",
          at: subset.origin)
      }
    }
  }
}
