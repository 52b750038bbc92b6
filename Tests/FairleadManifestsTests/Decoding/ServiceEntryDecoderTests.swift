import FairleadBalancing
import Testing

@testable import FairleadManifests

@Suite("ServiceEntries are read")
struct ServiceEntryDecoderTests {
  private let head = """
    apiVersion: networking.istio.io/v1
    kind: ServiceEntry
    metadata: {name: e}
    spec:

    """

  private func spec(_ spec: String) -> String { head + spec }

  private func endpoint(_ endpoint: String) -> String {
    spec(
      """
        hosts: [a.example.com]
        resolution: STATIC
        ports: [{name: grpc, number: 9000, protocol: GRPC}]
        endpoints: [\(endpoint)]
      """)
  }

  private func read(_ text: String) -> Istio.ServiceEntry? {
    guard case .serviceEntry(let entry)? = decode(text).objects.first else { return nil }
    return entry
  }

  @Test("hosts, ports and endpoints with weight, labels, ports and locality")
  func everything() {
    let entry = read(
      spec(
        """
          hosts: [a.example.com, b.example.com]
          addresses: [10.9.9.9]
          location: MESH_INTERNAL
          resolution: STATIC
          ports: [{name: grpc, number: 9000, protocol: GRPC, targetPort: 9009}]
          endpoints:
          - address: 10.0.0.1
            ports: {grpc: 9001}
            labels: {version: v1}
            weight: 3
            locality: eu/eu-1/a
            serviceAccount: x
          - address: unix:///run/greeter.sock
            weight: 0
          - {address: "::1", locality: eu}
          exportTo: ["*"]
        """))
    #expect(entry?.hosts.map(\.text) == ["a.example.com", "b.example.com"])
    #expect(entry?.ports.map(\.targetPort) == [9009])
    #expect(
      entry?.endpoints == [
        .init(
          address: .ip("10.0.0.1"), ports: ["grpc": 9001], labels: ["version": "v1"], weight: 3,
          locality: Locality(region: "eu", zone: "eu-1", subzone: "a")),
        .init(address: .unix(path: "/run/greeter.sock")),
        .init(address: .ip("::1"), locality: Locality(region: "eu")),
      ])
  }

  @Test("without a resolution it is passed over with a sentence", arguments: ["NONE", ""])
  func resolutions(resolution: String) {
    let field = resolution.isEmpty ? "" : "\n  resolution: \(resolution)"
    let text = spec(
      """
        hosts: [a.example.com]
        ports: [{name: grpc, number: 9000}]
        endpoints: [{address: a.internal}]\(field)
      """)
    #expect(decode(text).objects.isEmpty)
    #expect(decode(text).findings.map(\.code) == [.notHonoured])
    #expect(decode(text).findings.first?.message.contains("use `STATIC`") == true)
  }

  @Test(
    "bad endpoints are errors",
    arguments: [
      ("{address: a.internal}", "`a.internal` is not an IP address, as `resolution: STATIC` needs"),
      ("{weight: 1}", "`address` is missing"),
      (
        "{address: 10.0.0.1, weight: -1}",
        "`weight` is -1; it must be from 0 to 2147483647"
      ),
      (
        "{address: 10.0.0.1, ports: {http: 1}}",
        "the entry has no port with the name `http`"
      ),
      ("{address: 10.0.0.1, ports: {grpc: 0}}", "`grpc` is 0; it must be from 1 to 65535"),
      (
        "{address: 10.0.0.1, locality: a//b}", "`a//b` must be `region/zone/subzone`"
      ),
      (
        "{address: \"unix://run/x\"}",
        "`unix://run/x` must be `unix://` and an absolute path of at most 103 bytes"
      ),
      (
        "{address: 10.0.0.1, labels: {version: 1}}",
        "the value of `version` must be a string, not a number; put it in quotes"
      ),
    ])
  func badEndpoints(text: String, message: String) {
    let all = decode(endpoint(text)).findings
    #expect(all.map(\.message) == [message])
    #expect(all.map(\.severity) == [.error])
  }

  @Test("what is missing is an error each")
  func missing() {
    #expect(
      decode(spec("  resolution: STATIC")).findings.map(\.origin.path)
        == ["spec.endpoints", "spec.hosts", "spec.ports"])
  }

  @Test("what is there twice is an error each")
  func twice() {
    let text = spec(
      """
        hosts: [a.example.com]
        resolution: STATIC
        ports: [{name: a, number: 1}, {name: a, number: 1}]
        endpoints: [{address: 10.0.0.1}]
      """)
    #expect(
      decode(text).findings.map(\.origin.path) == ["spec.ports[1].name", "spec.ports[1].number"])
  }

  @Test("what is not honoured is said")
  func notHonoured() {
    let text = spec(
      """
        hosts: ["*.example.com", b.example.com]
        resolution: STATIC
        ports: [{name: a, number: 1}]
        endpoints: [{address: 10.0.0.1, network: n}]
        exportTo: ["."]
        subjectAltNames: [x]
        workloadSelector: {labels: {a: b}}
        addresses: [10.9.9.9]
        location: MESH_EXTERNAL
      """)
    #expect(decode(text).findings.map(\.origin.line) == [5, 8, 9, 10, 11, 12])
    #expect(
      decode(text).findings.last?.message
        == "`addresses` is not honoured; calls find the entry by its hosts")
    #expect(decode(text).findings.allSatisfy { $0.code == .notHonoured })
    #expect(read(text)?.hosts.map(\.text) == ["b.example.com"])
  }
}
