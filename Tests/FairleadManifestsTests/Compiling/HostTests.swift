import FairleadRouting
import Testing

@testable import FairleadManifests

@Suite("Hosts and the authorities that mean them")
struct HostTests {
  private func domains(_ text: String, port: Int, namespace: String = "default") -> [String]? {
    compile(text, namespace: namespace).virtualHosts.first { $0.port == port }?.domains
  }

  @Test("a service with one port is known by each of its names, with the port and without")
  func onePort() {
    #expect(
      domains(service("greeter"), port: 8080) == [
        "greeter", "greeter:8080", "greeter.default", "greeter.default:8080",
        "greeter.default.svc", "greeter.default.svc:8080", greeterHost, "\(greeterHost):8080",
      ])
  }

  @Test("of several ports only 80 goes without saying")
  func severalPorts() {
    let text = """
      apiVersion: v1
      kind: Service
      metadata: {name: a}
      spec: {ports: [{name: web, port: 80}, {name: grpc, port: 9000}]}
      """
    #expect(domains(text, port: 80)?.contains("a.default") == true)
    #expect(domains(text, port: 80)?.contains("a.default:80") == true)
    #expect(domains(text, port: 9000)?.contains("a.default:9000") == true)
    #expect(domains(text, port: 9000)?.allSatisfy { $0.hasSuffix(":9000") } == true)
  }

  @Test("a headless service is known by the pods' own port, too")
  func headless() {
    let text = service("a", port: 80, target: "8001") + "\n  clusterIP: None"
    #expect(domains(text, port: 80)?.prefix(3) == ["a", "a:80", "a:8001"])
    let taken = text.replacing("[{port", with: "[{name: b, port: 8001}, {name: a, port")
    #expect(domains(taken, port: 80)?.contains("a:8001") == false)
    #expect(domains(taken, port: 8001)?.contains("a:8001") == true)
    #expect(domains(service("a", port: 80, target: "8001"), port: 80)?.contains("a:8001") == false)
  }

  @Test("an endpoint that is there twice is used once and remarked on")
  func duplicateEndpoint() {
    let text = """
      apiVersion: networking.istio.io/v1
      kind: ServiceEntry
      metadata: {name: e}
      spec:
        hosts: [a.example]
        resolution: STATIC
        ports: [{name: grpc, number: 9000}]
        endpoints: [{address: 10.0.0.1}, {address: 10.0.0.1, weight: 9}]
      """
    #expect(compile(text).findings.map(\.code) == [.duplicateEndpoint])
    #expect(compile(text).addresses("outbound|9000||a.example") == ["10.0.0.1:9000"])
  }

  @Test("the bare name means the service in the clients' namespace only")
  func namespaces() {
    let text = documents(
      service("a"), service("a", namespace: "prod"), service("b", namespace: "prod"))
    func target(_ authority: String, _ namespace: String) -> String? {
      let snapshot = compile(text, namespace: namespace).snapshot(generation: 1)
      return snapshot.virtualHostIndex(authority: authority)
        .map { snapshot.virtualHosts[$0].service.host }
    }
    #expect(target("a:8080", "default") == "a.default.svc.cluster.local")
    #expect(target("a:8080", "prod") == "a.prod.svc.cluster.local")
    #expect(target("A.Prod:8080", "default") == "a.prod.svc.cluster.local")
    #expect(target("b:8080", "default") == nil)
    #expect(target("b", "prod") == "b.prod.svc.cluster.local")
    #expect(target("b.prod.svc", "other") == "b.prod.svc.cluster.local")
  }

  @Test("another cluster domain")
  func clusterDomain() {
    let build = ConfigurationBuild(
      [decode(service("a"))], options: CompileOptions(clusterDomain: "corp.example"))
    #expect(build.configuration?.virtualHosts.first?.service.host == "a.default.svc.corp.example")
  }

  @Test("a name without a dot is expanded by the rule's namespace; others are not expanded")
  func resolve() {
    func resolve(_ text: String) -> String {
      HostName.resolve(text, namespace: "prod", clusterDomain: "cluster.local")
    }
    #expect(resolve("reviews") == "reviews.prod.svc.cluster.local")
    #expect(resolve("Reviews") == "reviews.prod.svc.cluster.local")
    #expect(resolve("reviews.prod") == "reviews.prod")
    #expect(resolve("10.0.0.1") == "10.0.0.1")
    #expect(resolve("*") == "*")
    #expect(resolve("*.Example.com") == "*.example.com")
  }

  @Test("a wildcard means what is below its name")
  func wildcards() {
    #expect(HostName.wildcard("*", matches: "a"))
    #expect(HostName.wildcard("*.a.b", matches: "x.a.b"))
    #expect(HostName.wildcard("*.a.b", matches: "y.x.a.b"))
    #expect(!HostName.wildcard("*.a.b", matches: "a.b"))
    #expect(!HostName.wildcard("*.a.b", matches: "xa.b"))
  }

  @Test(
    "the hosts of a ServiceEntry are known by their names, and its endpoints have their weights")
  func serviceEntry() {
    let text = """
      apiVersion: networking.istio.io/v1
      kind: ServiceEntry
      metadata: {name: e, namespace: prod}
      spec:
        hosts: [A.example.com, b.example.com]
        resolution: STATIC
        ports: [{name: grpc, number: 9000, protocol: GRPC}, {name: sql, number: 3306, protocol: MySQL}]
        endpoints:
        - {address: 10.0.0.2, weight: 2, ports: {grpc: 9002}, labels: {version: v2}}
        - {address: 10.0.0.1}
        - {address: "unix:///run/a"}
      """
    let compiled = compile(text)
    #expect(compiled.findings.isEmpty)
    #expect(compiled.host("a.example.com", port: 9000)?.domains == ["a.example.com:9000"])
    #expect(compiled.host("b.example.com", port: 3306)?.balancing == .connection(.random))
    #expect(
      compiled.addresses("outbound|9000||a.example.com")
        == ["10.0.0.1:9000", "10.0.0.2:9002", "unix:/run/a"])
    #expect(
      compiled.addresses("outbound|3306||b.example.com")
        == ["10.0.0.1:3306", "10.0.0.2:3306", "unix:/run/a"])
    let cluster = compiled.cluster("outbound|9000||a.example.com")
    #expect(cluster?.policyName == "weighted_round_robin")
    #expect(cluster?.endpoints.endpoints.map(\.weight) == [1, 2, 1])
    #expect(cluster?.service.namespace == "prod")
  }

  @Test("a host that is there already is not used again")
  func duplicateHost() {
    let entry = """
      apiVersion: networking.istio.io/v1
      kind: ServiceEntry
      metadata: {name: e}
      spec:
        hosts: [\(greeterHost)]
        resolution: STATIC
        ports: [{name: grpc, number: 9000}]
        endpoints: [{address: 10.0.0.1}]
      """
    let text = documents(greeter, entry)
    #expect(codes(text).map { $0.dropFirst(3) } == ["warning duplicate-host"])
    #expect(compile(text).virtualHosts.map(\.port) == [8080])
  }
}
