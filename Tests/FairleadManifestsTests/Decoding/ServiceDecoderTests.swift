import FairleadRouting
import Testing

@testable import FairleadManifests

@Suite("Services are read")
struct ServiceDecoderTests {
  private func spec(_ spec: String) -> String {
    "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec:\n" + spec
  }

  private func ports(_ ports: String) -> String { spec("  ports: [\(ports)]") }

  private func read(_ text: String) -> Kubernetes.Service? {
    guard case .service(let service)? = decode(text).objects.first else { return nil }
    return service
  }

  @Test("ports with a number, a name or nothing as target")
  func targets() {
    let service = read(
      ports(
        "{name: a, port: 1, targetPort: 8001}, {name: b, port: 2, targetPort: grpc}, "
          + "{name: c, port: 3}, {name: d, port: 4, targetPort: 0}"))
    #expect(
      service?.ports.map(\.targetPort) == [.number(8001), .name("grpc"), .number(3), .number(4)])
    #expect(service?.ports.map(\.name) == ["a", "b", "c", "d"])
  }

  @Test(
    "bad ports are errors",
    arguments: [
      ("{port: 0}", "`port` is 0; it must be from 1 to 65535 (spec.ports[0].port)"),
      ("{port: 65536}", "`port` is 65536; it must be from 1 to 65535 (spec.ports[0].port)"),
      ("{port: \"80\"}", "`port` must be a number, not a string (spec.ports[0].port)"),
      ("{port: 80.5}", "`port` is 80.5; it must be a whole number (spec.ports[0].port)"),
      ("{targetPort: 80}", "`port` is missing (spec.ports[0].port)"),
      ("{port: 80, name: A}", "`A` is not a valid name for a port (spec.ports[0].name)"),
      (
        "{port: 80, targetPort: [1]}",
        "`targetPort` must be a port number or a port's name, not a list (spec.ports[0].targetPort)"
      ),
      (
        "{port: 80, targetPort: \"8080\"}",
        "`8080` is neither a port number nor a valid name of a container port "
          + "(spec.ports[0].targetPort)"
      ),
      (
        "{port: 80, protocol: HTTP}",
        "`HTTP` is not a protocol; it must be `TCP`, `UDP` or `SCTP` (spec.ports[0].protocol)"
      ),
      ("80", "this item must be an object, not a number (spec.ports[0])"),
    ])
  func badPorts(port: String, message: String) {
    let all = decode(ports(port)).findings
    #expect(all.map(\.severity) == [.error])
    #expect(all.map { "\($0.message) (\($0.origin.path))" } == [message])
  }

  @Test("several ports need names, and none may be there twice")
  func severalPorts() {
    #expect(
      findings(ports("{port: 1}, {port: 2}")).map { $0.split(separator: ":")[1] } == [
        " each port needs a name where there are several (spec.ports[0].name)",
        " each port needs a name where there are several (spec.ports[1].name)",
      ])
    #expect(
      codes(ports("{name: a, port: 1}, {name: a, port: 1}"))
        == ["5 error invalid-value", "5 error invalid-value"])
  }

  @Test("ports of UDP and SCTP are passed over and said to be")
  func otherTransports() {
    let text = ports("{name: a, port: 53, protocol: UDP}, {name: b, port: 53}")
    #expect(
      decode(text).findings.map(\.message) == [
        "`protocol` is not honoured; port 53 is passed over, as only `TCP` is"
      ])
    #expect(read(text)?.ports.map(\.name) == ["b"])
  }

  @Test("a headless service, and pods that get calls before they are ready")
  func flags() {
    let service = read(spec("  clusterIP: None\n  publishNotReadyAddresses: true\n"))
    #expect(service?.isHeadless == true)
    #expect(service?.publishesNotReadyAddresses == true)
    #expect(service?.ports == [])
  }

  @Test("a service without ports that is not headless is an error, and so is one without spec")
  func missing() {
    #expect(codes(spec("  selector: {a: b}")) == ["5 error missing-field"])
    #expect(
      codes("apiVersion: v1\nkind: Service\nmetadata: {name: a}") == ["1 error missing-field"])
  }

  @Test("ExternalName is passed over and said to be")
  func externalName() {
    let text = spec("  type: ExternalName\n  externalName: example.com\n")
    #expect(codes(text) == ["5 warning not-honoured"])
    #expect(decode(text).objects.isEmpty)
  }

  @Test("fields that a writer expects to change balancing are findings")
  func notHonoured() {
    let text = spec(
      """
        ports: [{port: 80}]
        sessionAffinity: ClientIP
        sessionAffinityConfig: {clientIP: {timeoutSeconds: 1}}
        externalTrafficPolicy: Local
        internalTrafficPolicy: Local
        trafficDistribution: PreferClose
      """)
    #expect(decode(text).findings.map(\.code) == Array(repeating: .notHonoured, count: 4))
    #expect(decode(text).findings.map(\.origin.line) == [6, 7, 8, 9])
  }

  @Test("fields that say who may call, and by which address, are findings")
  func addresses() {
    let text = spec(
      """
        ports: [{port: 80}]
        loadBalancerSourceRanges: [10.0.0.0/8]
        externalIPs: [10.0.0.1]
      """)
    #expect(
      decode(text).findings.map(short) == [
        "6 warning not-honoured: `loadBalancerSourceRanges` is not honoured; callers are not told "
          + "apart (spec.loadBalancerSourceRanges)",
        "7 info not-honoured: `externalIPs` is not honoured; calls find the Service by its names "
          + "(spec.externalIPs)",
      ])
    let empty = spec("  ports: [{port: 80}]\n  externalIPs: []\n  loadBalancerSourceRanges: []")
    #expect(decode(empty).findings.isEmpty)
  }

  @Test("defaults of those fields are no findings")
  func harmless() {
    let text = spec(
      """
        ports: [{port: 80}]
        sessionAffinity: None
        externalTrafficPolicy: Cluster
        internalTrafficPolicy: Cluster
        publishNotReadyAddresses: false
      """)
    #expect(decode(text).findings.isEmpty)
  }

  @Test(
    "what is balanced, by appProtocol and annotation",
    arguments: [
      ("", "", BalancingUnit.rpc(fallback: .random)),
      ("", "grpc", .rpc(fallback: .random)),
      ("", "tcp", .connection(.random)),
      ("", "TLS", .connection(.random)),
      ("fairlead.dev/balance: connection", "grpc", .connection(.random)),
      ("fairlead.dev/balance: rpc", "grpc", .rpc(fallback: .random)),
      ("fairlead.dev/scheduler: rr", "", .rpc(fallback: .roundRobin)),
      ("fairlead.dev/scheduler: lc", "tcp", .connection(.leastConnections)),
    ])
  func unit(annotation: String, appProtocol: String, expected: BalancingUnit) {
    let text = """
      apiVersion: v1
      kind: Service
      metadata: {name: a, annotations: {\(annotation)}}
      spec: {ports: [{port: 80, appProtocol: "\(appProtocol)"}]}
      """
    let service = read(text)
    #expect(service?.balancing.unit(appProtocol: service?.ports.first?.appProtocol) == expected)
  }

  @Test("lost calls are tried again only where that is asked for by its name")
  func retryOn() throws {
    func yaml(_ annotations: String) -> String {
      """
      apiVersion: v1
      kind: Service
      metadata: {name: a, annotations: {\(annotations)}}
      spec: {selector: {app: a}, ports: [{port: 80}]}
      """
    }
    #expect(read(yaml(""))?.balancing.retriesLostCalls == false)
    let lost = compile(yaml("fairlead.dev/retry-on: reset"))
    #expect(lost.clusters.values.map(\.retriesLostCalls) == [true])
    #expect(
      findings(yaml("fairlead.dev/retry-on: 5xx")).withoutLines == [
        "error invalid-value: `fairlead.dev/retry-on` is `5xx`; it must be `reset` "
          + "(metadata.annotations[\"fairlead.dev/retry-on\"])"
      ])
  }
}
