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

  func reportLoser(
    _ loser: ResolvedVirtualService, host: String, winner: ObjectKey, findings: inout FindingList
  ) {
    let index = loser.hosts.firstIndex { $0 == host || HostName.wildcard($0, matches: host) }
    let origin = index.map { loser.object.hosts[$0].origin } ?? loser.object.metadata.origin
    findings.add(
      .warning, .duplicateHost,
      "the rules for \(quoted(host)) are not used, as VirtualService \(quoted(winner.description)) "
        + "has precedence: the oldest has, then the first by file and line", at: origin)
  }

  func reportNoRoute(
    host: String, port: Int, at origin: Origin, findings: inout FindingList
  ) {
    findings.add(
      .warning, .noRoute,
      "every call to port \(port) of \(quoted(host)) fails with NR: the rules for it have "
        + "conditions or actions that are not honoured, so none sends a call; add a rule without them",
      at: origin)
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
    guard !used.contains(id), !unclear.contains(id) else { return }
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
      .filter { http.match.takes.contains($0) }
    for port in Set(called).sorted() where service.port(port) == nil {
      findings.add(
        .warning, .unknownPort,
        "\(quoted(service.identity.host)) has no port \(port), the one that is called; name one "
          + "with `port.number`, or such calls fail with NC", at: destination.host.origin)
    }
  }
}
