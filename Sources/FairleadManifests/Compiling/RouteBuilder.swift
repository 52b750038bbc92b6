import FairleadRouting

/// Makes the routes of every port out of the VirtualServices, and notes which clusters they need.
struct RouteBuilder {
  let registry: ServiceRegistry
  let policies: PolicyTable
  let options: CompileOptions
  private let rules: [ResolvedVirtualService]
  /// What became of each rule that could match something.
  private var used = Set<RuleID>()
  private var shadowed = Set<RuleID>()
  private var inForce = Set<ObjectKey>()
  /// Subsets that a route leads to.
  private(set) var subsets = Set<SubsetUse>()

  struct SubsetUse: Hashable {
    var host: String
    var port: Int
    var subset: String
  }

  private struct RuleID: Hashable {
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
  }

  /// The routes of every port of a service, in the order of its ports.
  mutating func routes(of service: HostedService, findings: inout FindingList) -> [[Route]] {
    let host = service.identity.host
    let candidates = HostName.mostSpecific(rules, for: host, hostOf: \.hosts)
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
      case .rpc: routes(of: winner.object, host: host, port: port.number)
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
    of object: Istio.VirtualService, host: String, port: Int
  ) -> [Route] {
    var routes: [Route] = []
    var mayMatchUnknown = false
    for rule in object.http {
      let id = RuleID(object: object.metadata.key, index: rule.index)
      switch rule.match {
      case .everything: break
      case .ports(let ports) where ports.contains(port): break
      case .ports(let ports):
        mayMatchUnknown = mayMatchUnknown || ports.isEmpty
        continue
      }
      guard routes.isEmpty else {
        shadowed.insert(id)
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
    if routes.isEmpty, !mayMatchUnknown { return [defaultRoute(host: host, port: port)] }
    return routes
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

extension RouteBuilder {
  /// What is remarkable about all VirtualServices, once the routes of every service were made.
  func reportRules(findings: inout FindingList) {
    for rule in rules {
      reportHosts(of: rule, findings: &findings)
      for http in rule.object.http {
        for destination in http.route {
          check(destination, in: rule, http: http, findings: &findings)
        }
        if inForce.contains(rule.object.metadata.key) {
          reportUnused(http, in: rule, findings: &findings)
        }
      }
    }
  }

  private func reportLoser(
    _ loser: ResolvedVirtualService, host: String, winner: ObjectKey, findings: inout FindingList
  ) {
    let index = loser.hosts.firstIndex { $0 == host || HostName.wildcard($0, matches: host) }
    let origin = index.map { loser.object.hosts[$0].origin } ?? loser.object.metadata.origin
    findings.add(
      .warning, .duplicateHost,
      "the rules for \(quoted(host)) are not used, as VirtualService \(quoted(winner.description)) "
        + "has precedence: the oldest has, then the first by file and line", at: origin)
  }

  private func reportHosts(
    of rule: ResolvedVirtualService, findings: inout FindingList
  ) {
    for (host, resolved) in zip(rule.object.hosts, rule.hosts) {
      if HostName.isWildcard(resolved) {
        let matches = registry.services.contains {
          HostName.wildcard(resolved, matches: $0.identity.host)
        }
        if !matches {
          findings.add(
            .warning, .unknownHost, "\(quoted(resolved)) matches no Service and no ServiceEntry",
            at: host.origin)
        }
      } else if registry[resolved] == nil {
        registry.reportUnknown(host, resolved: resolved, findings: &findings)
      }
    }
  }

  private func reportUnused(
    _ http: Istio.VirtualService.HTTPRule, in rule: ResolvedVirtualService,
    findings: inout FindingList
  ) {
    let id = RuleID(object: rule.object.metadata.key, index: http.index)
    guard !used.contains(id), http.match != .ports([]) else { return }
    if shadowed.contains(id) {
      findings.add(
        .warning, .unreachableRule,
        "the rule is never reached: a rule above it takes every call that it could take",
        at: http.origin)
    } else {
      findings.add(
        .warning, .neverMatches,
        "the rule can match no call: no host of it has such a port that is balanced by RPC",
        at: http.origin)
    }
  }

  private func check(
    _ destination: Istio.VirtualService.Destination, in rule: ResolvedVirtualService,
    http: Istio.VirtualService.HTTPRule, findings: inout FindingList
  ) {
    let host = HostName.resolve(
      destination.host.text, namespace: rule.object.metadata.namespace,
      clusterDomain: options.clusterDomain)
    guard let service = registry[host] else {
      registry.reportUnknown(destination.host, resolved: host, findings: &findings)
      return
    }
    if let port = destination.port, service.port(port) == nil {
      findings.add(
        .warning, .unknownPort, "\(quoted(host)) has no port \(port); such calls fail with NC",
        at: destination.host.origin)
    }
    if destination.port == nil, service.ports.count != 1 {
      checkCalledPorts(destination, service: service, in: rule, http: http, findings: &findings)
    }
    if let subset = destination.subset, policies[host].subset(subset) == nil {
      findings.add(
        .warning, .unknownSubset,
        "no DestinationRule in force for \(quoted(host)) has the subset \(quoted(subset)); "
          + "such calls fail with NC", at: destination.origin)
    }
  }

  /// A destination without a port takes the called one, which the service must have.
  private func checkCalledPorts(
    _ destination: Istio.VirtualService.Destination, service: HostedService,
    in rule: ResolvedVirtualService, http: Istio.VirtualService.HTTPRule,
    findings: inout FindingList
  ) {
    let called = registry.services
      .filter { hosted in
        rule.hosts.contains {
          $0 == hosted.identity.host || HostName.wildcard($0, matches: hosted.identity.host)
        }
      }
      .flatMap(\.ports).map(\.number)
      .filter { port in
        switch http.match {
        case .everything: true
        case .ports(let ports): ports.contains(port)
        }
      }
    for port in Set(called).sorted() where service.port(port) == nil {
      findings.add(
        .warning, .unknownPort,
        "\(quoted(service.identity.host)) has no port \(port), the one that is called; name one "
          + "with `port.number`, or such calls fail with NC", at: destination.host.origin)
    }
  }
}
