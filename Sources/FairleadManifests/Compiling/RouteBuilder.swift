import FairleadRouting

/// Makes the routes of every port out of the VirtualServices, and notes which clusters they need.
struct RouteBuilder {
  let registry: ServiceRegistry
  let policies: PolicyTable
  let options: CompileOptions
  let rules: [ResolvedVirtualService]
  private let index: HostIndex<ResolvedVirtualService>
  /// What became of each rule that could match something.
  private(set) var used = Set<RuleID>()
  private(set) var shadowed = Set<RuleID>()
  /// Rules that may be meant for calls that they do not take.
  private(set) var unclear = Set<RuleID>()
  private(set) var inForce = Set<ObjectKey>()
  /// Subsets that a route leads to.
  private(set) var subsets = Set<SubsetUse>()

  struct SubsetUse: Hashable {
    var host: String
    var port: Int
    var subset: String
  }

  struct RuleID: Hashable {
    var object: ObjectKey
    var index: Int
  }

  struct ResolvedVirtualService {
    var object: Istio.VirtualService
    var hosts: [String]
  }

  /// Rules in force, for the summary.
  var usedRuleCount: Int { used.count }

  init(
    store: ObjectStore, registry: ServiceRegistry, policies: PolicyTable, options: CompileOptions
  ) {
    self.registry = registry
    self.policies = policies
    self.options = options
    rules = store.virtualServices.values
      .sorted { $0.metadata.precedes($1.metadata) }
      .map { object in
        let hosts = object.hosts.map {
          HostName.resolve(
            $0.text, namespace: object.metadata.namespace, clusterDomain: options.clusterDomain)
        }
        return ResolvedVirtualService(object: object, hosts: hosts)
      }
    index = HostIndex(rules, hosts: \.hosts)
  }

  /// The routes of every port of a service, in the order of its ports.
  mutating func routes(of service: HostedService, findings: inout FindingList) -> [[Route]] {
    let host = service.identity.host
    let candidates = index.rules(for: host)
    guard let winner = candidates.first else {
      return service.ports.map { [defaultRoute(host: host, port: $0.number)] }
    }
    for loser in candidates.dropFirst() {
      reportLoser(loser, host: host, winner: winner.object.metadata.key, findings: &findings)
    }
    inForce.insert(winner.object.metadata.key)
    return service.ports.map { port in
      switch port.unit {
      case .connection: [defaultRoute(host: host, port: port.number)]
      case .rpc: routes(of: winner.object, host: host, port: port.number, findings: &findings)
      }
    }
  }

  private func defaultRoute(host: String, port: Int) -> Route {
    let cluster = Cluster.name(host: host, port: port, subset: nil)
    return Route(name: "default", split: [WeightedDestination(clusterName: cluster, weight: 1)])
  }

  /// The first rule for the port takes every call to it, as a port is the only condition that is
  /// honoured.
  private mutating func routes(
    of object: Istio.VirtualService, host: String, port: Int, findings: inout FindingList
  ) -> [Route] {
    var routes: [Route] = []
    var firstUnclear: Istio.VirtualService.HTTPRule?
    for rule in object.http {
      let id = RuleID(object: object.metadata.key, index: rule.index)
      let takes = rule.match.takes.contains(port)
      guard takes || rule.match.mayTake.contains(port) else { continue }
      guard routes.isEmpty else {
        shadowed.insert(id)
        continue
      }
      guard takes else {
        unclear.insert(id)
        firstUnclear = firstUnclear ?? rule
        continue
      }
      used.insert(id)
      let name = "VirtualService \(object.metadata.key) http[\(rule.index)]"
      let split = split(rule, namespace: object.metadata.namespace, calledPort: port)
      routes.append(Route(name: name, split: split))
    }
    // Without a rule for the port the port is as if there were no VirtualService. With one whose
    // calls cannot be told, no route is right for the others: they find none, as they would in
    // Istio.
    guard routes.isEmpty else { return routes }
    guard let firstUnclear else { return [defaultRoute(host: host, port: port)] }
    reportNoRoute(host: host, port: port, at: firstUnclear.origin, findings: &findings)
    return []
  }

  private mutating func split(
    _ rule: Istio.VirtualService.HTTPRule, namespace: String, calledPort: Int
  ) -> [WeightedDestination] {
    let isAlone = rule.route.count == 1
    return rule.route.compactMap { destination in
      let target = resolve(destination, namespace: namespace, calledPort: calledPort)
      if let subset = destination.subset {
        subsets.insert(SubsetUse(host: target.host, port: target.port, subset: subset))
      }
      guard isAlone || destination.weight > 0 else { return nil }
      let name = Cluster.name(
        host: target.host, port: target.port, subset: destination.subset)
      return WeightedDestination(clusterName: name, weight: max(1, destination.weight))
    }
  }

  /// The port that is named; else the only one of the service; else the one that was called.
  private func resolve(
    _ destination: Istio.VirtualService.Destination, namespace: String, calledPort: Int
  ) -> (host: String, port: Int) {
    let host = HostName.resolve(
      destination.host.text, namespace: namespace, clusterDomain: options.clusterDomain)
    if let port = destination.port { return (host, port) }
    if let ports = registry[host]?.ports, ports.count == 1 { return (host, ports[0].number) }
    return (host, calledPort)
  }
}
