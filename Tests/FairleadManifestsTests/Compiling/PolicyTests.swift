import Testing

@testable import FairleadManifests

@Suite("DestinationRules decide the policy of every cluster")
struct PolicyTests {
  /// A rule for `greeter` with this spec, beside the service and routes to both subsets.
  private func rule(
    _ spec: String, name: String = "r", namespace: String = "default", host: String = greeterHost
  ) -> String {
    """
    apiVersion: networking.istio.io/v1
    kind: DestinationRule
    metadata: {name: \(name), namespace: \(namespace)}
    spec:
      host: \(host)
    \(spec)
    """
  }

  private let routes = greeterRoutes(
    """
      - route:
        - {destination: {host: greeter, subset: v1}, weight: 1}
        - {destination: {host: greeter, subset: v2}, weight: 1}
    """)

  private func policy(_ subset: String = "", _ rules: String...) -> String? {
    let text = ([greeter, routes] + rules).joined(separator: "\n---\n")
    return compile(text).cluster("outbound|8080|\(subset)|\(greeterHost)")?.policyName
  }

  @Test("without a rule calls go round robin")
  func byDefault() {
    #expect(policy("") == "round_robin")
  }

  @Test(
    "names of load balancers become names of policies",
    arguments: [
      ("ROUND_ROBIN", "round_robin"), ("LEAST_REQUEST", "least_request"),
      ("LEAST_CONN", "least_request"), ("RANDOM", "random"), ("UNSPECIFIED", "round_robin"),
      ("PASSTHROUGH", "round_robin"),
    ])
  func names(simple: String, expected: String) {
    #expect(policy("", rule("  trafficPolicy: {loadBalancer: {simple: \(simple)}}")) == expected)
  }

  @Test("a subset's load balancer replaces the host's, which holds where it says nothing")
  func subsets() {
    let rule = rule(
      """
        trafficPolicy: {loadBalancer: {simple: RANDOM}}
        subsets:
        - {name: v1, labels: {version: v1}, trafficPolicy: {loadBalancer: {simple: LEAST_REQUEST}}}
        - {name: v2, labels: {version: v2}, trafficPolicy: {}}
      """)
    #expect(policy("", rule) == "random")
    #expect(policy("v1", rule) == "least_request")
    #expect(policy("v2", rule) == "random")
  }

  @Test("at a port with settings of its own these stand alone: what they leave out is the default")
  func portLevel() {
    let own = "portLevelSettings: [{port: {number: 8080}, loadBalancer: {simple: LEAST_REQUEST}}]"
    let silent = "portLevelSettings: [{port: {number: 8080}}]"
    let other = "portLevelSettings: [{port: {number: 9999}, loadBalancer: {simple: LEAST_REQUEST}}]"
    func top(_ settings: String) -> String {
      rule("  trafficPolicy: {loadBalancer: {simple: RANDOM}, \(settings)}")
    }
    #expect(policy("", top(own)) == "least_request")
    #expect(policy("", top(silent)) == "round_robin")
    #expect(policy("", top(other)) == "random")
    func subset(_ settings: String) -> String {
      rule(
        """
          trafficPolicy: {loadBalancer: {simple: RANDOM}}
          subsets: [{name: v1, labels: {version: v1}, trafficPolicy: {\(settings)}}]
        """)
    }
    #expect(policy("v1", subset(own)) == "least_request")
    #expect(policy("v1", subset(silent)) == "round_robin")
    #expect(policy("v1", subset(other)) == "random")
  }

  @Test("the clients' namespace comes first, then the service's, then the root; nothing is merged")
  func namespaces() {
    let service = service("s", namespace: "prod")
    func rule(_ namespace: String, _ simple: String) -> String {
      self.rule(
        "  trafficPolicy: {loadBalancer: {simple: \(simple)}}", namespace: namespace,
        host: "s.prod.svc.cluster.local")
    }
    func policy(_ rules: String...) -> String? {
      compile(([service] + rules).joined(separator: "\n---\n"), namespace: "client")
        .clusters.first?.value.policyName
    }
    let (client, own) = (rule("client", "RANDOM"), rule("prod", "LEAST_REQUEST"))
    let root = rule("istio-system", "RANDOM")
    #expect(policy(root, own, client) == "random")
    #expect(policy(root, own) == "least_request")
    #expect(policy(root) == "random")
    #expect(policy(rule("elsewhere", "RANDOM")) == "round_robin")
  }

  @Test("a rule that is not looked at, or looked at too late, is remarked on")
  func notInForce() {
    let all = findings(
      documents(
        greeter, routes,
        rule("  subsets: [{name: v1, labels: {}}, {name: v2, labels: {}}]", name: "first"),
        rule("  subsets: []", namespace: "istio-system"),
        rule("  subsets: []", namespace: "elsewhere"), rule("  subsets: []", host: "\"*.nothing\""))
    )
    #expect(
      all.withoutLines == [
        "info never-matches: the rule is not in force: a DestinationRule in a namespace that comes "
          + "first is used instead (spec.host)",
        "info never-matches: the rule is not in force: clients in namespace `default` do not look "
          + "in `elsewhere` (spec.host)",
        "info never-matches: no host is left for `*.nothing`: none matches, or each has a rule of "
          + "its own (spec.host)",
      ])
  }

  @Test("the more specific host wins over a wildcard, and the longer wildcard over a shorter")
  func wildcards() {
    func wild(_ host: String, _ simple: String, _ name: String) -> String {
      rule(
        "  trafficPolicy: {loadBalancer: {simple: \(simple)}}", name: name, host: "\"\(host)\"")
    }
    let all = wild("*", "RANDOM", "a")
    let local = wild("*.cluster.local", "LEAST_REQUEST", "b")
    let exact = wild(greeterHost, "ROUND_ROBIN", "c")
    #expect(policy("", all) == "random")
    #expect(policy("", all, local) == "least_request")
    #expect(policy("", all, local, exact) == "round_robin")
  }

  @Test("rules for one host are merged: subsets together, the first policy, the first of a name")
  func merge() {
    let text = documents(
      greeter, routes,
      rule(
        """
          trafficPolicy: {loadBalancer: {simple: RANDOM}}
          subsets: [{name: v1, labels: {version: v1}}]
        """, name: "a"),
      rule(
        """
          trafficPolicy: {loadBalancer: {simple: LEAST_REQUEST}}
          subsets: [{name: v1, labels: {version: v2}}, {name: v2, labels: {version: v2}}]
        """, name: "b"))
    let compiled = compile(text)
    #expect(compiled.cluster("outbound|8080||\(greeterHost)")?.policyName == "random")
    #expect(compiled.addresses("outbound|8080|v1|\(greeterHost)") == ["127.0.0.1:5001"])
    #expect(compiled.addresses("outbound|8080|v2|\(greeterHost)") == ["127.0.0.1:5002"])
    #expect(
      compiled.findings.map(\.message) == [
        "the `trafficPolicy` is not used, as DestinationRule `default/a` has one for this host",
        "the subset `v1` is there already and this one is not used",
      ])
  }

  @Test("the older rule is the first")
  func age() {
    func dated(_ name: String, _ simple: String, _ time: String) -> String {
      rule("  trafficPolicy: {loadBalancer: {simple: \(simple)}}", name: name).replacing(
        "namespace: default", with: "namespace: default, creationTimestamp: \"\(time)\"")
    }
    let young = dated("a", "RANDOM", "2026-02-01T00:00:00Z")
    let old = dated("b", "LEAST_REQUEST", "2026-01-01T00:00:00Z")
    let unborn = rule("  trafficPolicy: {loadBalancer: {simple: ROUND_ROBIN}}", name: "c")
    #expect(policy("", unborn, young, old) == "least_request")
    #expect(policy("", unborn, young) == "random")
  }

  @Test("subsets of one DestinationRule may not share a name")
  func duplicateSubset() {
    let text = documents(
      greeter, routes,
      rule(
        "  subsets: [{name: v1, labels: {version: v1}}, {name: v2}, {name: v1, labels: {}}]"))
    #expect(compile(text).findings.map(\.code) == [.duplicateSubset])
    #expect(compile(text).addresses("outbound|8080|v1|\(greeterHost)") == ["127.0.0.1:5001"])
  }

  @Test("a rule for a host or a port that does not exist is remarked on")
  func unknown() {
    #expect(
      findings(documents(greeter, rule("  subsets: []", host: "greeter.default"))).withoutLines == [
        "warning unknown-host: `greeter.default` matches nothing, as only a name without a dot is "
          + "expanded; write `greeter.default.svc.cluster.local` (spec.host)"
      ])
    #expect(
      findings(documents(greeter, rule("  subsets: []", host: "nobody"))).withoutLines == [
        "warning unknown-host: no Service or ServiceEntry has the host "
          + "`nobody.default.svc.cluster.local` (spec.host)"
      ])
    let port = rule("  trafficPolicy: {portLevelSettings: [{port: {number: 81}}]}")
    #expect(compile(documents(greeter, port)).findings.map(\.code) == [.unknownPort])
  }

  @Test("weights that a policy does not obey are remarked on")
  func weights() {
    let entry = """
      apiVersion: networking.istio.io/v1
      kind: ServiceEntry
      metadata: {name: e}
      spec:
        hosts: [a.example]
        resolution: STATIC
        ports: [{name: grpc, number: 9000}]
        endpoints: [{address: 10.0.0.1, weight: 2}, {address: 10.0.0.2}]
      """
    func codes(_ simple: String) -> [FindingCode] {
      let rule = rule(
        "  trafficPolicy: {loadBalancer: {simple: \(simple)}}", host: "a.example")
      return compile(documents(entry, rule)).findings.map(\.code)
    }
    #expect(codes("RANDOM") == [.notHonoured])
    #expect(codes("ROUND_ROBIN") == [])
    #expect(codes("LEAST_REQUEST") == [])
  }

  @Test("weights that a subset's policy does not obey are remarked on for the subset")
  func weightsOfSubset() {
    let entry = """
      apiVersion: networking.istio.io/v1
      kind: ServiceEntry
      metadata: {name: e}
      spec:
        hosts: [a.example]
        resolution: STATIC
        ports: [{name: grpc, number: 9000}]
        endpoints:
        - {address: 10.0.0.1, weight: 2, labels: {version: v1}}
        - {address: 10.0.0.2, labels: {version: v1}}
        - {address: 10.0.0.3, labels: {version: v2}}
      """
    let rule = rule(
      """
        subsets:
        - name: v1
          labels: {version: v1}
          trafficPolicy: {loadBalancer: {simple: RANDOM}}
        - name: v2
          labels: {version: v2}
          trafficPolicy: {loadBalancer: {simple: RANDOM}}
      """, host: "a.example")
    let routes = routes.replacing("greeter", with: "a.example")
    #expect(
      findings(documents(entry, rule, routes)).withoutLines == [
        "warning not-honoured: the weights of the endpoints of the subset `v1` of `a.example` have "
          + "no effect with `RANDOM`; use `ROUND_ROBIN` or `LEAST_REQUEST` (spec.subsets[0].name)"
      ])
  }
}
