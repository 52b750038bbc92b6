/// Which DestinationRules are in force for which host.
///
/// Istio's lookup: the clients' namespace, then the service's, then the root namespace; the first
/// that has a rule for the host is the only one used. Within it the most specific host wins, and
/// rules for one host are merged: subsets are put together, and the first policy is used.
struct PolicyTable {
  private var policies: [String: HostPolicy] = [:]

  init(
    store: ObjectStore, registry: ServiceRegistry, options: CompileOptions,
    findings: inout FindingList
  ) {
    let rules = store.destinationRules.values
      .sorted { $0.metadata.precedes($1.metadata) }
      .map { ResolvedRule($0, clusterDomain: options.clusterDomain) }
    let byNamespace = Dictionary(grouping: rules, by: \.rule.metadata.namespace)
      .mapValues { HostIndex($0) { [$0.host] } }
    var inForce = Set<ObjectKey>()
    for service in registry.services {
      let namespaces = [
        options.clientNamespace, service.identity.namespace, options.rootNamespace,
      ]
      for namespace in namespaces {
        let chosen = byNamespace[namespace]?.rules(for: service.identity.host) ?? []
        guard !chosen.isEmpty else { continue }
        inForce.formUnion(chosen.map(\.rule.metadata.key))
        policies[service.identity.host] = Self.merge(
          chosen.map(\.rule), service: service, findings: &findings)
        break
      }
    }
    for rule in rules where !inForce.contains(rule.rule.metadata.key) {
      Self.explain(rule, registry: registry, options: options, findings: &findings)
    }
  }

  subscript(host: String) -> HostPolicy { policies[host] ?? HostPolicy() }

  private struct ResolvedRule {
    var rule: Istio.DestinationRule
    var host: String

    init(_ rule: Istio.DestinationRule, clusterDomain: String) {
      self.rule = rule
      host = HostName.resolve(
        rule.host.text, namespace: rule.metadata.namespace, clusterDomain: clusterDomain)
    }
  }

  private static func merge(
    _ rules: [Istio.DestinationRule], service: HostedService, findings: inout FindingList
  ) -> HostPolicy {
    var policy = HostPolicy()
    var policyOwner: ObjectKey?
    for rule in rules {
      if let own = rule.trafficPolicy {
        if let owner = policyOwner {
          findings.add(
            .warning, .duplicateHost,
            "the `trafficPolicy` is not used, as DestinationRule \(quoted(owner.description)) has "
              + "one for this host", at: rule.host.origin)
        } else {
          policy.trafficPolicy = own
          policyOwner = rule.metadata.key
        }
        checkPorts(own, service: service, findings: &findings)
      }
      for subset in rule.subsets {
        guard policy.subset(subset.name) == nil else {
          findings.add(
            .warning, .duplicateSubset,
            "the subset \(quoted(subset.name)) is there already and this one is not used",
            at: subset.origin)
          continue
        }
        policy.subsets.append(subset)
        if let own = subset.trafficPolicy {
          checkPorts(own, service: service, findings: &findings)
        }
      }
    }
    return policy
  }

  private static func checkPorts(
    _ policy: Istio.DestinationRule.TrafficPolicy, service: HostedService,
    findings: inout FindingList
  ) {
    for (port, entry) in policy.portLevel where service.port(port) == nil {
      findings.add(
        .warning, .unknownPort,
        "\(quoted(service.identity.host)) has no port \(port)", at: entry.origin)
    }
  }

  /// Why a rule is not in force for any host.
  private static func explain(
    _ rule: ResolvedRule, registry: ServiceRegistry, options: CompileOptions,
    findings: inout FindingList
  ) {
    let origin = rule.rule.host.origin
    if HostName.isWildcard(rule.host) {
      findings.add(
        .info, .neverMatches,
        "no host is left for \(quoted(rule.host)): none matches, or each has a rule of its own",
        at: origin)
      return
    }
    guard let service = registry[rule.host] else {
      registry.reportUnknown(rule.rule.host, resolved: rule.host, findings: &findings)
      return
    }
    let namespace = rule.rule.metadata.namespace
    let looked = [options.clientNamespace, service.identity.namespace, options.rootNamespace]
    let reason =
      looked.contains(namespace)
      ? "a DestinationRule in a namespace that comes first is used instead"
      : "clients in namespace \(quoted(options.clientNamespace)) do not look in \(quoted(namespace))"
    findings.add(.info, .neverMatches, "the rule is not in force: \(reason)", at: origin)
  }
}
