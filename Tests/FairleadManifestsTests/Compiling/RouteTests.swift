import FairleadRouting
import Testing

@testable import FairleadManifests

@Suite("VirtualServices decide the routes of every port")
struct RouteTests {
  private func cluster(_ subset: String, port: Int = 8080, host: String = greeterHost) -> String {
    "outbound|\(port)|\(subset)|\(host)"
  }

  private func split(_ parts: String..., port: Int = 8080) -> [String]? {
    compile(parts.joined(separator: "\n---\n")).split(greeterHost, port: port)
  }

  /// A rule to v1 and v2 with these weights.
  private func weights(_ v1: Int, _ v2: Int, match: String = "") -> String {
    """
      - route:
        - {destination: {host: greeter, subset: v1}, weight: \(v1)}
        - {destination: {host: greeter, subset: v2}, weight: \(v2)}
        \(match)
    """
  }

  private let toV1 = "- {route: [{destination: {host: greeter, subset: v1}}]}"

  @Test("without rules every call goes to the whole service")
  func byDefault() {
    #expect(split(greeter) == ["\(cluster(""))=1"])
    #expect(split(greeter, greeterSubsets) == ["\(cluster(""))=1"])
    #expect(
      compile(greeter).virtualHosts.first?.routes.map(\.name) == ["default"])
  }

  @Test("weights are taken as they are, and need not sum to 100")
  func weighted() {
    #expect(
      split(greeter, greeterSubsets, greeterRoutes(weights(90, 10)))
        == ["\(cluster("v1"))=90", "\(cluster("v2"))=10"])
    #expect(
      split(greeter, greeterSubsets, greeterRoutes(weights(7, 2)))
        == ["\(cluster("v1"))=7", "\(cluster("v2"))=2"])
    #expect(
      compile(documents(greeter, greeterSubsets, greeterRoutes(weights(1, 2))))
        .virtualHosts.first?.routes.map(\.name) == ["VirtualService default/greeter http[0]"])
  }

  @Test("of several destinations those of weight 0 get nothing; a lone one gets everything")
  func zeroWeights() {
    #expect(
      split(greeter, greeterSubsets, greeterRoutes(weights(0, 100))) == ["\(cluster("v2"))=100"])
    let lone = "  - {route: [{destination: {host: greeter, subset: v1}, weight: 0}]}"
    #expect(split(greeter, greeterSubsets, greeterRoutes(lone)) == ["\(cluster("v1"))=1"])
  }

  @Test("a subset of weight 0 is not said to be unused")
  func zeroWeightIsUse() {
    #expect(findings(documents(greeter, greeterSubsets, greeterRoutes(weights(0, 100)))) == [])
  }

  @Test("subsets have the endpoints with their labels, and exist only if a route leads to them")
  func subsets() {
    let compiled = compile(documents(greeter, greeterSubsets, greeterRoutes("  \(toV1)")))
    #expect(compiled.clusters.keys.sorted() == [cluster("v1"), cluster("")].sorted())
    #expect(compiled.addresses(cluster("v1")) == ["127.0.0.1:5001"])
    #expect(compiled.addresses(cluster("")) == ["127.0.0.1:5001", "127.0.0.1:5002"])
    #expect(
      compiled.findings.map(short).withoutLines == [
        "info unused-subset: no route leads to the subset `v2` of "
          + "`greeter.default.svc.cluster.local` (spec.subsets[1].name)"
      ])
  }

  @Test("the port is that of the service that is called; other ports are as without rules")
  func ports() {
    let service = service("greeter").replacing(
      "[{port", with: "[{name: b, port: 9090, targetPort: grpc}, {name: a, port")
    let routes = greeterRoutes(weights(90, 10, match: "match: [{port: 8080}]"))
    let pods = pod("p", app: "greeter", port: 1)
    let compiled = compile(documents(service, pods, greeterSubsets, routes))
    #expect(compiled.split(greeterHost, port: 8080)?.count == 2)
    #expect(compiled.split(greeterHost, port: 9090) == ["\(cluster("", port: 9090))=1"])
  }

  @Test("the first rule that matches wins, and the others are never reached")
  func firstWins() {
    let text = documents(
      greeter, greeterSubsets,
      greeterRoutes(
        """
          - {match: [{port: 8080}], route: [{destination: {host: greeter, subset: v1}}]}
          - {route: [{destination: {host: greeter, subset: v2}}]}
          - {match: [{port: 9999}], route: [{destination: {host: greeter, subset: v2}}]}
        """))
    #expect(compile(text).split(greeterHost, port: 8080) == ["\(cluster("v1"))=1"])
    let path = { (finding: Finding) in "\(finding.code.rawValue) \(finding.origin.path)" }
    #expect(
      compile(text).findings.map(path) == [
        "unused-subset spec.subsets[1].name", "unreachable-rule spec.http[1]",
        "never-matches spec.http[2]",
      ])
  }

  @Test("a rule that is taken on one port of several is not unreachable")
  func reachedOnOnePort() {
    let service = service("greeter").replacing(
      "[{port", with: "[{name: b, port: 9090, targetPort: grpc}, {name: a, port")
    let text = documents(
      service, pod("p", app: "greeter", port: 1), greeterSubsets,
      greeterRoutes(
        """
          - {match: [{port: 8080}], route: [{destination: {host: greeter, subset: v1}}]}
          - {route: [{destination: {host: greeter}}]}
        """))
    #expect(compile(text).findings.map(\.code) == [.unusedSubset])
    #expect(compile(text).split(greeterHost, port: 9090) == ["\(cluster("", port: 9090))=1"])
    #expect(compile(text).summary.routes == 2)
  }

  @Test("with a rule whose calls cannot be told, calls that no rule takes find no route")
  func unhonouredConditions() {
    let canary =
      "  - {match: [{headers: {x: {exact: y}}}], route: [{destination: {host: greeter, subset: v2}}]}"
    let alone = compile(documents(greeter, greeterSubsets, greeterRoutes(canary)))
    #expect(alone.host(greeterHost, port: 8080)?.routes == [])
    #expect(
      alone.findings.filter { $0.code == .noRoute }.map(short).withoutLines == [
        "warning no-route: every call to port 8080 of `\(greeterHost)` fails with NR: the rules "
          + "for it have conditions or actions that are not honoured, so none sends a call; add a "
          + "rule without them (spec.http[0])"
      ])
    let followed = compile(
      documents(greeter, greeterSubsets, greeterRoutes("\(canary)\n  \(toV1)")))
    #expect(followed.split(greeterHost, port: 8080) == ["\(cluster("v1"))=1"])
    #expect(!followed.findings.contains { $0.code == .noRoute })
  }

  /// The routes of two ports of `greeter`, 8080 and 9090: `nil` for those that it has without rules.
  private func routesOfTwoPorts(_ http: String) -> [[String]?] {
    let service = service("greeter").replacing(
      "[{port", with: "[{name: b, port: 9090, targetPort: grpc}, {name: a, port")
    let compiled = compile(
      documents(
        service, pod("p", app: "greeter", port: 1), greeterSubsets, greeterRoutes(http)))
    return [8080, 9090].map { port in
      let routes = compiled.host(greeterHost, port: port)?.routes ?? []
      return routes.map(\.name) == ["default"]
        ? nil : routes.flatMap { $0.split.map(\.clusterName) }
    }
  }

  @Test(
    "a rule whose calls cannot be told leaves the ports alone that it is not for",
    arguments: [
      "match: [{port: 8080, headers: {x: {exact: y}}}], route: [{destination: {host: greeter}}]",
      "match: [{port: 8080}], redirect: {uri: /a}",
    ])
  func unhonouredConditionWithPort(rule: String) {
    #expect(routesOfTwoPorts("  - {\(rule)}") == [[], nil])
    #expect(
      routesOfTwoPorts("  - {\(rule)}\n  \(toV1)") == [
        [cluster("v1")], [cluster("v1", port: 9090)],
      ])
  }

  @Test("of several conditions the one that is honoured counts on its port")
  func mixedConditions() {
    let rule =
      "  - {match: [{port: 8080}, {headers: {x: {exact: y}}}], "
      + "route: [{destination: {host: greeter, subset: v2}}]}"
    #expect(routesOfTwoPorts(rule) == [[cluster("v2")], []])
    #expect(
      routesOfTwoPorts("\(rule)\n  \(toV1)") == [[cluster("v2")], [cluster("v1", port: 9090)]])
  }

  @Test("rules that are only for gateways leave the service as it is without rules")
  func onlyForGateways() {
    let rule =
      "  - {match: [{gateways: [gw]}], "
      + "route: [{destination: {host: greeter, subset: v2}}]}"
    #expect(routesOfTwoPorts(rule) == [nil, nil])
    #expect(
      routesOfTwoPorts("\(rule)\n  \(toV1)")
        == [[cluster("v1")], [cluster("v1", port: 9090)]])
    let object = documents(
      greeter, greeterSubsets, greeterRoutes("  \(toV1)") + "\n  gateways: [gw]")
    #expect(split(object) == ["\(cluster(""))=1"])
  }

  @Test("a path of every call takes every call")
  func everyPath() {
    let rule =
      "  - {match: [{uri: {prefix: /}}], "
      + "route: [{destination: {host: greeter, subset: v2}}]}"
    #expect(routesOfTwoPorts(rule) == [[cluster("v2")], [cluster("v2", port: 9090)]])
  }

  @Test("a rule below one that takes every call is never reached, whatever its conditions")
  func unreachableCondition() {
    let text = documents(
      greeter, greeterSubsets,
      greeterRoutes(
        "  \(toV1)\n  - {match: [{headers: {x: {exact: y}}}], "
          + "route: [{destination: {host: greeter, subset: v1}}]}"))
    #expect(
      compile(text).findings.filter { $0.code == .unreachableRule }.map(\.origin.path)
        == ["spec.http[1]"])
  }

  @Test("an unknown subset is a missing cluster and a warning")
  func unknownSubset() {
    let text = documents(greeter, greeterRoutes("  \(toV1)"))
    #expect(compile(text).split(greeterHost, port: 8080) == ["\(cluster("v1"))=1"])
    #expect(compile(text).cluster(cluster("v1")) == nil)
    #expect(
      compile(text).findings.map(short).withoutLines == [
        "warning unknown-subset: no DestinationRule in force for "
          + "`greeter.default.svc.cluster.local` has the subset `v1`; such calls fail with NC "
          + "(spec.http[0].route[0].destination.subset)"
      ])
  }

  @Test("a subset without endpoints is a warning, and its cluster is empty")
  func emptySubset() {
    let text = documents(
      service("greeter"), pod("p", app: "greeter", version: "v1", port: 1), greeterSubsets,
      greeterRoutes(weights(90, 10)))
    #expect(compile(text).addresses(cluster("v2")) == [])
    #expect(
      compile(text).findings.map(\.message)
        == ["no endpoint of `greeter.default.svc.cluster.local` has the labels `version=v2`"])
  }

  @Test("a destination may be another service: by its port, its only one, or the one called")
  func otherService() {
    let two = """
      apiVersion: v1
      kind: Service
      metadata: {name: two}
      spec: {ports: [{name: a, port: 8080}, {name: b, port: 9}], selector: {app: greeter}}
      """
    let one = service("one", port: 77)
    func target(_ destination: String) -> [String]? {
      split(
        greeter, one, two, greeterRoutes("  - {route: [{destination: {\(destination)}}]}"))
    }
    let (hostOne, hostTwo) = ("one.default.svc.cluster.local", "two.default.svc.cluster.local")
    #expect(target("host: one") == ["\(cluster("", port: 77, host: hostOne))=1"])
    #expect(target("host: two") == ["\(cluster("", port: 8080, host: hostTwo))=1"])
    #expect(
      target("host: two, port: {number: 9}") == ["\(cluster("", port: 9, host: hostTwo))=1"])
    #expect(
      target("host: two, port: {number: 10}") == ["\(cluster("", port: 10, host: hostTwo))=1"])
  }

  @Test("a destination's port or host that does not exist is a warning")
  func unknownDestination() {
    func codes(_ destination: String) -> [FindingCode] {
      compile(
        documents(
          greeter, greeterRoutes("  - {route: [{destination: {\(destination)}}]}"))
      ).findings.map(\.code)
    }
    #expect(codes("host: nobody") == [.unknownHost])
    #expect(codes("host: greeter.default") == [.unknownHost])
    #expect(codes("host: greeter, port: {number: 1}") == [.unknownPort])
    #expect(codes("host: \(greeterHost)") == [])
    let two = """
      apiVersion: v1
      kind: Service
      metadata: {name: two}
      spec: {ports: [{name: a, port: 1, targetPort: grpc}, {name: b, port: 2, targetPort: grpc}], selector: {app: greeter}}
      """
    let text = documents(greeter, two, greeterRoutes("  - {route: [{destination: {host: two}}]}"))
    #expect(
      compile(text).findings.map(\.message) == [
        "`two.default.svc.cluster.local` has no port 8080, the one that is called; name one with "
          + "`port.number`, or such calls fail with NC"
      ])
  }

  @Test("of several VirtualServices for a host the oldest is used, then the first of the file")
  func severalVirtualServices() {
    func routes(_ name: String, _ subset: String, _ time: String? = nil) -> String {
      greeterRoutes(
        "  - {route: [{destination: {host: greeter, subset: \(subset)}}]}", name: name
      ).replacing(
        "{name: \(name)}",
        with: "{name: \(name)\(time.map { ", creationTimestamp: \"\($0)\"" } ?? "")}")
    }
    let base = documents(greeter, greeterSubsets)
    let first = documents(base, routes("b", "v1"), routes("a", "v2"))
    #expect(compile(first).split(greeterHost, port: 8080) == ["\(cluster("v1"))=1"])
    let old = documents(
      base, routes("a", "v1"), routes("b", "v1", "2026-02-01T00:00:00Z"),
      routes("c", "v2", "2026-01-01T00:00:00Z"))
    #expect(compile(old).split(greeterHost, port: 8080) == ["\(cluster("v2"))=1"])
    #expect(
      compile(old).findings.filter { $0.code == .duplicateHost }.map(\.origin.object)
        == ["VirtualService default/a", "VirtualService default/b"])
    #expect(
      compile(first).findings.first { $0.code == .duplicateHost }?.message
        == "the rules for `greeter.default.svc.cluster.local` are not used, as VirtualService "
        + "`default/b` has precedence: the oldest has, then the first by file and line")
  }

  @Test("a short host is the service in the namespace of the rule, not of the client")
  func shortHost() {
    let routes = greeterRoutes("  \(toV1)").replacing(
      "{name: greeter}", with: "{name: greeter, namespace: prod}")
    #expect(
      codes(documents(greeter, greeterSubsets, routes)).map { $0.split(separator: " ")[2] }
        .filter { $0 == "unknown-host" }.count == 2)
    let service = service("greeter", namespace: "prod")
    let compiled = compile(documents(greeter, greeterSubsets, service, routes))
    #expect(compiled.split(greeterHost, port: 8080) == ["\(cluster(""))=1"])
    let prod = "greeter.prod.svc.cluster.local"
    #expect(compiled.split(prod, port: 8080) == ["\(cluster("v1", host: prod))=1"])
  }

  @Test("a wildcard host is for the services that have no rules of their own")
  func wildcard() {
    let wild = greeterRoutes(
      "  - {route: [{destination: {host: other}}]}", name: "wild",
      hosts: "[\"*.default.svc.cluster.local\"]")
    let own = greeterRoutes("  \(toV1)")
    let other = "other.default.svc.cluster.local"
    let base = documents(greeter, service("other"), greeterSubsets)
    #expect(
      compile(documents(base, wild)).split(greeterHost, port: 8080)
        == ["\(cluster("", host: other))=1"])
    #expect(
      compile(documents(base, wild, own)).split(greeterHost, port: 8080) == ["\(cluster("v1"))=1"])
    let nothing = greeterRoutes("  \(toV1)", hosts: "[\"*.example.com\"]")
    #expect(
      compile(documents(base, nothing)).findings.map(\.code).contains(.unknownHost))
  }

  @Test("rules may be for the host of a ServiceEntry, and split it by the labels of its endpoints")
  func serviceEntry() {
    let text = """
      apiVersion: networking.istio.io/v1
      kind: ServiceEntry
      metadata: {name: e}
      spec:
        hosts: [a.example]
        resolution: STATIC
        ports: [{name: grpc, number: 9000}]
        endpoints:
        - {address: 10.0.0.1, labels: {version: v1}}
        - {address: 10.0.0.2, labels: {version: v2}}
      """
    let rules = [greeterSubsets, greeterRoutes(weights(90, 10), hosts: "[a.example]")]
      .map { $0.replacing("host: greeter", with: "host: a.example") }
    let compiled = compile(([text] + rules).joined(separator: "\n---\n"))
    #expect(compiled.findings.isEmpty)
    #expect(
      compiled.split("a.example", port: 9000)
        == ["outbound|9000|v1|a.example=90", "outbound|9000|v2|a.example=10"])
    #expect(compiled.addresses("outbound|9000|v2|a.example") == ["10.0.0.2:9000"])
  }

  @Test("a port that is balanced by connection takes no rules for calls")
  func connections() {
    let service = service("greeter").replacing("8080,", with: "8080, appProtocol: tcp,")
    let text = documents(
      service, pod("p", app: "greeter", port: 1), greeterSubsets, greeterRoutes("  \(toV1)"))
    let compiled = compile(text)
    #expect(compiled.split(greeterHost, port: 8080) == ["\(cluster(""))=1"])
    #expect(compiled.host(greeterHost, port: 8080)?.balancing == .connection(.random))
    #expect(compiled.findings.map(\.code).contains(.neverMatches))
  }
}
