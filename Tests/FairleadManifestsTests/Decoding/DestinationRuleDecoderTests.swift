import Testing

@testable import FairleadManifests

@Suite("DestinationRules are read")
struct DestinationRuleDecoderTests {
  private func spec(_ spec: String) -> String {
    """
    apiVersion: networking.istio.io/v1
    kind: DestinationRule
    metadata: {name: r}
    spec:
      host: greeter
    \(spec)
    """
  }

  private func read(_ text: String) -> Istio.DestinationRule? {
    guard case .destinationRule(let rule)? = decode(text).objects.first else { return nil }
    return rule
  }

  @Test(
    "load balancers",
    arguments: [
      ("ROUND_ROBIN", Istio.DestinationRule.LoadBalancer.roundRobin), ("RANDOM", .random),
      ("LEAST_REQUEST", .leastRequest), ("LEAST_CONN", .leastRequest),
      ("UNSPECIFIED", .unspecified),
    ])
  func simple(name: String, expected: Istio.DestinationRule.LoadBalancer) {
    let text = spec("  trafficPolicy: {loadBalancer: {simple: \(name)}}")
    #expect(read(text)?.trafficPolicy?.loadBalancer == expected)
    #expect(decode(text).findings.isEmpty)
  }

  @Test("PASSTHROUGH is not honoured, and a name that does not exist is an error")
  func otherLoadBalancers() {
    #expect(
      decode(spec("  trafficPolicy: {loadBalancer: {simple: PASSTHROUGH}}")).findings.map(\.code)
        == [.notHonoured])
    #expect(
      codes(spec("  trafficPolicy: {loadBalancer: {simple: FASTEST}}")) == ["6 error invalid-value"]
    )
  }

  @Test("subsets, and policies at each of their places")
  func everything() {
    let rule = read(
      spec(
        """
          trafficPolicy:
            loadBalancer: {simple: RANDOM}
            portLevelSettings:
            - port: {number: 80}
              loadBalancer: {simple: LEAST_REQUEST}
            - port: {number: 81}
          subsets:
          - name: v1
            labels: {version: v1}
            trafficPolicy: {loadBalancer: {simple: ROUND_ROBIN}}
          - name: all
        """))
    #expect(rule?.trafficPolicy?.loadBalancer == .random)
    #expect(rule?.trafficPolicy?.portLevel[80]?.loadBalancer == .leastRequest)
    #expect(rule?.trafficPolicy?.portLevel[81] != nil)
    #expect(rule?.trafficPolicy?.portLevel[81]?.loadBalancer == nil)
    #expect(rule?.subsets.map(\.name) == ["v1", "all"])
    #expect(rule?.subsets.map(\.labels) == [["version": "v1"], [:]])
    #expect(rule?.subsets.map(\.trafficPolicy?.loadBalancer) == [.roundRobin, nil])
  }

  @Test("what is not honoured is said at each of its places")
  func notHonoured() {
    let text = spec(
      """
        exportTo: [.]
        workloadSelector: {}
        trafficPolicy:
          connectionPool: {tcp: {maxConnections: 1}}
          outlierDetection: {}
          tls: {mode: DISABLE}
          tunnel: {}
          loadBalancer: {consistentHash: {useSourceIp: true}, warmupDurationSecs: 1s}
          portLevelSettings: [{port: {number: 80}, tls: {}}]
        subsets: [{name: v1, trafficPolicy: {outlierDetection: {}}}]
      """)
    let all = decode(text).findings
    #expect(all.allSatisfy { $0.code == .notHonoured && $0.severity == .warning })
    #expect(
      all.map(\.origin.path) == [
        "spec.exportTo", "spec.workloadSelector", "spec.trafficPolicy.connectionPool",
        "spec.trafficPolicy.outlierDetection", "spec.trafficPolicy.tls",
        "spec.trafficPolicy.tunnel", "spec.trafficPolicy.loadBalancer.consistentHash",
        "spec.trafficPolicy.loadBalancer.warmupDurationSecs",
        "spec.trafficPolicy.portLevelSettings[0].tls",
        "spec.subsets[0].trafficPolicy.outlierDetection",
      ])
  }

  @Test(
    "mistakes are errors",
    arguments: [
      ("  subsets: [{labels: {a: b}}]", "`name` is missing (spec.subsets[0].name)"),
      (
        "  subsets: [{name: v1, labels: {version: 1}}]",
        "the value of `version` must be a string, not a number; put it in quotes "
          + "(spec.subsets[0].labels[\"version\"])"
      ),
      (
        "  subsets: [{name: \"v 1\"}]",
        "`v 1` is not a valid name for a subset: use letters, digits and `-` (spec.subsets[0].name)"
      ),
      (
        "  trafficPolicy: {portLevelSettings: [{loadBalancer: {}}]}",
        "`port` is missing (spec.trafficPolicy.portLevelSettings[0].port)"
      ),
      (
        "  trafficPolicy: {portLevelSettings: [{port: {number: 1}}, {port: {number: 1}}]}",
        "port 1 has settings twice (spec.trafficPolicy.portLevelSettings[1].port.number)"
      ),
      (
        "  trafficPolicy: ROUND_ROBIN",
        "`trafficPolicy` must be an object, not a string (spec.trafficPolicy)"
      ),
    ])
  func mistakes(rest: String, message: String) {
    let all = decode(spec(rest)).findings
    #expect(all.map { "\($0.message) (\($0.origin.path))" } == [message])
    #expect(all.map(\.severity) == [.error])
  }

  @Test("a rule without a host is an error")
  func host() {
    let text = spec("  subsets: []").replacing("  host: greeter\n", with: "")
    #expect(decode(text).findings.map(\.origin.path) == ["spec.host"])
  }
}
