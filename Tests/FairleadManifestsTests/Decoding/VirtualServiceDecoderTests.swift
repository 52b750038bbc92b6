import Testing

@testable import FairleadManifests

@Suite("VirtualServices are read")
struct VirtualServiceDecoderTests {
  private func read(_ text: String) -> Istio.VirtualService? {
    guard case .virtualService(let object)? = decode(text).objects.first else { return nil }
    return object
  }

  private let route = "route: [{destination: {host: greeter}}]"

  @Test("hosts, matches by port, destinations and weights")
  func everything() {
    let object = read(
      greeterRoutes(
        """
          - name: first
            match: [{port: 8080, name: x}, {port: 9090}]
            route:
            - destination: {host: greeter, subset: v1, port: {number: 8080}}
              weight: 90
            - destination: {host: other.prod.svc.cluster.local}
              weight: 10
          - route: [{destination: {host: greeter}}]
        """))
    #expect(object?.hosts.map(\.text) == ["greeter"])
    #expect(object?.http.map(\.match) == [.ports([8080, 9090]), .everything])
    #expect(object?.http.map(\.index) == [0, 1])
    #expect(object?.http.first?.name == "first")
    let destinations = object?.http.first?.route
    #expect(destinations?.map(\.host.text) == ["greeter", "other.prod.svc.cluster.local"])
    #expect(destinations?.map(\.subset) == ["v1", nil])
    #expect(destinations?.map(\.port) == [8080, nil])
    #expect(destinations?.map(\.weight) == [90, 10])
    #expect(destinations?.map(\.origin.line) == [10, 12])
    #expect(
      destinations?.map(\.origin.path) == [
        "spec.http[0].route[0].destination.subset", "spec.http[0].route[1].destination.host",
      ])
  }

  @Test("an empty match and an entry without a condition take everything")
  func catchAll() {
    #expect(read(greeterRoutes("  - {match: [], \(route)}"))?.http.first?.match == .everything)
    #expect(
      read(greeterRoutes("  - {match: [{port: 1}, {}], \(route)}"))?.http.first?.match
        == .everything)
  }

  @Test(
    "a condition that is not honoured takes no call, rather than calls it is not meant for",
    arguments: [
      "uri: {prefix: /a}", "headers: {x-canary: {exact: \"1\"}}", "method: {exact: POST}",
      "authority: {exact: a}", "sourceLabels: {a: b}", "sourceNamespace: a",
      "uri: {exact: /}", "uri: {prefix: /, regex: a}", "uri: {}", "withoutHeaders: {a: {}}",
      "queryParams: {a: {exact: b}}", "scheme: {exact: http}",
    ])
  func conditions(condition: String) {
    let alone = greeterRoutes("  - {match: [{\(condition)}], \(route)}")
    #expect(read(alone)?.http.first?.match == Istio.VirtualService.Match(mayTake: .all))
    #expect(decode(alone).findings.map(\.code) == [.notHonoured])
  }

  @Test("a condition that is not honoured concerns the port of its entry alone")
  func conditionWithPort() {
    func match(_ entries: String) -> Istio.VirtualService.Match? {
      read(greeterRoutes("  - {match: [\(entries)], \(route)}"))?.http.first?.match
    }
    typealias Match = Istio.VirtualService.Match
    #expect(match("{port: 1, method: {exact: POST}}") == Match(mayTake: .only([1])))
    #expect(
      match("{port: 1, method: {exact: POST}}, {port: 2}")
        == Match(takes: .only([2]), mayTake: .only([1])))
    #expect(
      match("{port: 1}, {method: {exact: POST}}") == Match(takes: .only([1]), mayTake: .all))
    #expect(
      match("{}, {method: {exact: POST}}") == Match(takes: .all, mayTake: .all))
  }

  @Test("a condition that is not honoured says what becomes of the calls")
  func conditionMessage() {
    func messages(_ entry: String) -> [String] {
      decode(greeterRoutes("  - {match: [{\(entry)}], \(route)}")).findings.map(\.message)
    }
    #expect(
      messages("headers: {x: {exact: y}}") == [
        "`headers` is not honoured; this `match` entry takes no call: calls go where the other "
          + "rules send them, and fail with NR if none does"
      ])
    #expect(
      messages("port: 80, headers: {x: {exact: y}}") == [
        "`headers` is not honoured; this `match` entry takes no call: calls to port 80 go where "
          + "the other rules send them, and fail with NR if none does"
      ])
  }

  @Test("a path of every call is no condition")
  func everyPath() {
    let text = greeterRoutes("  - {match: [{uri: {prefix: /}}], \(route)}")
    #expect(read(text)?.http.first?.match == .everything)
    #expect(decode(text).findings.isEmpty)
    let port = greeterRoutes("  - {match: [{uri: {prefix: /}, port: 1}], \(route)}")
    #expect(read(port)?.http.first?.match == .ports([1]))
  }

  @Test("what is only for gateways is left out, as it is for a sidecar")
  func gatewaysOfMatch() {
    let only = greeterRoutes("  - {match: [{gateways: [gw]}, {gateways: [gw], port: 1}], \(route)}")
    #expect(read(only)?.http.isEmpty == true)
    #expect(
      codes(only).filter { $0.hasPrefix("7") } == Array(repeating: "7 info not-honoured", count: 2))
    #expect(
      decode(only).findings.first?.message
        == "`gateways` is not honoured; without `mesh` this `match` entry is for gateways only, "
        + "and changes nothing here")
    let mixed = greeterRoutes(
      "  - {match: [{gateways: [gw], headers: {x: {exact: y}}}, {port: 1}], \(route)}")
    #expect(read(mixed)?.http.map(\.match) == [.ports([1])])
    #expect(decode(mixed).findings.map(\.origin.path) == ["spec.http[0].match[0].gateways"])
    let second = greeterRoutes("  - {match: [{gateways: [gw]}], \(route)}\n  - {\(route)}")
    #expect(read(second)?.http.map(\.index) == [1])
  }

  @Test("the name for statistics is not used, and said not to be")
  func statPrefix() {
    let text = greeterRoutes("  - {match: [{statPrefix: x}], \(route)}")
    #expect(
      decode(text).findings.map(short) == [
        "7 info not-honoured: `statPrefix` is not honoured (spec.http[0].match[0].statPrefix)"
      ])
    #expect(read(text)?.http.first?.match == .everything)
  }

  @Test("`mesh` as a gateway is what is honoured anyway")
  func mesh() {
    let text = greeterRoutes("  - {match: [{gateways: [mesh], ignoreUriCase: true}], \(route)}")
    #expect(decode(text).findings.isEmpty)
    #expect(read(text)?.http.first?.match == .everything)
    let object = greeterRoutes("  - {\(route)}")
    #expect(decode(object + "\n  gateways: [mesh]").findings.isEmpty)
    #expect(
      decode(object + "\n  gateways: [mesh, gw]").findings.map(\.message)
        == ["`gateways` is not honoured; only `mesh` is"])
    #expect(read(object + "\n  gateways: [mesh, gw]") != nil)
    #expect(read(object + "\n  gateways: [gw]") == nil)
    #expect(codes(object + "\n  gateways: [gw]") == ["8 info not-honoured"])
  }

  @Test("every other field of a rule is a finding with its line and path")
  func notHonoured() {
    let text = greeterRoutes(
      """
        - route: [{destination: {host: greeter}, headers: {request: {}}}]
          timeout: 1s
          retries: {attempts: 2}
          fault: {abort: {httpStatus: 500}}
          mirror: {host: greeter}
          mirrorPercentage: {value: 1}
          headers: {}
          rewrite: {uri: /}
          corsPolicy: {}
          retrys: {}
      """)
    let all = decode(text).findings
    #expect(
      all.map(\.origin.path) == [
        "spec.http[0].route[0].headers", "spec.http[0].timeout", "spec.http[0].retries",
        "spec.http[0].fault", "spec.http[0].mirror", "spec.http[0].mirrorPercentage",
        "spec.http[0].headers", "spec.http[0].rewrite", "spec.http[0].corsPolicy",
        "spec.http[0].retrys",
      ])
    #expect(all.dropLast().allSatisfy { $0.code == .notHonoured && $0.severity == .warning })
    #expect(all.last?.message == "unknown field `retrys`; did you mean `retries`?")
    #expect(all.map(\.origin.line) == Array(7...16))
  }

  @Test(
    "a rule that does something else than route takes no call",
    arguments: ["redirect: {uri: /}", "directResponse: {status: 404}", "delegate: {name: x}"])
  func instead(action: String) {
    let text = greeterRoutes("  - \(action)")
    #expect(codes(text) == ["5 warning unknown-host", "7 warning not-honoured"])
    #expect(read(text)?.http.first?.match == Istio.VirtualService.Match(mayTake: .all))
    #expect(
      decode(text).findings.first?.message.hasSuffix(
        "is not honoured; the rule takes no call: calls go where the other rules send them, and "
          + "fail with NR if none does") == true)
    let withPort = greeterRoutes("  - {\(action), match: [{port: 1}]}")
    #expect(
      read(withPort)?.http.first?.match == Istio.VirtualService.Match(mayTake: .only([1])))
    let gateways = greeterRoutes("  - {\(action), match: [{gateways: [gw]}]}")
    #expect(read(gateways)?.http.isEmpty == true)
  }

  @Test("sections that are not honoured")
  func sections() {
    let text = greeterRoutes("  - {\(route)}") + "\n  tcp: [{}]\n  tls: [{}]\n  exportTo: [.]"
    #expect(decode(text).findings.map(\.origin.path) == ["spec.tcp", "spec.tls", "spec.exportTo"])
    let onlyTCP = "apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: a}\n"
    #expect(
      codes(onlyTCP + "spec: {hosts: [a.b], tcp: [{}]}").contains { $0.contains("error") } == false)
  }

  @Test(
    "mistakes are errors",
    arguments: [
      ("  - {}", "`route` is missing or empty (spec.http[0].route)"),
      ("  - route: []", "`route` is missing or empty (spec.http[0].route)"),
      ("  - route: [{weight: 1}]", "`destination` is missing (spec.http[0].route[0].destination)"),
      (
        "  - route: [{destination: {subset: v1}}]",
        "`host` is missing (spec.http[0].route[0].destination.host)"
      ),
      (
        "  - route: [{destination: {host: \"*.a\"}}]",
        "a destination's host may not be a wildcard (spec.http[0].route[0].destination.host)"
      ),
      (
        "  - route: [{destination: {host: a}, weight: -1}]",
        "`weight` is -1; it must be from 0 to 2147483647 (spec.http[0].route[0].weight)"
      ),
      (
        "  - route: [{destination: {host: a}, weight: \"9\"}]",
        "`weight` must be a number, not a string (spec.http[0].route[0].weight)"
      ),
      (
        "  - route: [{destination: {host: a}, weight: 0}, {destination: {host: b}}]",
        "total destination weight = 0 (spec.http[0].route)"
      ),
      (
        "  - route: [{destination: {host: a, port: {}}}]",
        "`number` is missing (spec.http[0].route[0].destination.port.number)"
      ),
      (
        "  - {match: [{port: 99999}], route: [{destination: {host: a}}]}",
        "`port` is 99999; it must be from 1 to 65535 (spec.http[0].match[0].port)"
      ),
    ])
  func mistakes(rule: String, message: String) {
    let all = decode(greeterRoutes(rule)).findings
    #expect(all.map { "\($0.message) (\($0.origin.path))" } == [message])
    #expect(all.map(\.severity) == [.error])
  }

  @Test("hosts that are no hosts are errors, each with its place")
  func hosts() {
    let text = greeterRoutes(
      "  - {\(route)}", hosts: "[good.example, \"bad host\", a..b, 7, \"*a.b\"]")
    #expect(
      decode(text).findings.map(\.origin.path)
        == ["spec.hosts[1]", "spec.hosts[2]", "spec.hosts[3]", "spec.hosts[4]"])
    #expect(codes(greeterRoutes("  - {\(route)}", hosts: "[]")) == ["5 error missing-field"])
  }

  @Test("a lone destination may have any weight")
  func lone() {
    let text = greeterRoutes("  - route: [{destination: {host: greeter}, weight: 0}]")
    #expect(decode(text).findings.isEmpty)
  }
}
