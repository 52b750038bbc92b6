import FairleadBalancing
import FairleadRouting
import Testing

@testable import FairleadManifests

@Suite("Endpoints from resolvers")
struct ResolvedEndpointsTests {
  private let service = """
    apiVersion: v1
    kind: Service
    metadata: {name: greeter, annotations: {fairlead.dev/target: "etcd:///greeter"}}
    spec: {ports: [{name: a, port: 80}, {name: b, port: 81}]}
    """

  private func live(_ yaml: String) -> LiveConfiguration {
    let file = decode(yaml)
    #expect(!file.findings.hasErrors)
    var live = LiveConfiguration()
    _ = live.apply(file.objects.map(ObjectChange.put))
    return live
  }

  private func endpoint(
    _ host: String, port: Int = 9000, weight: Int = 1, labels: [String: String] = [:]
  ) -> Endpoint {
    Endpoint(address: .ip(host: host, port: port), weight: weight, labels: labels)
  }

  private func name(_ port: Int, subset: String? = nil, host: String = greeterHost) -> String {
    Cluster.name(host: host, port: port, subset: subset)
  }

  @Test("are wanted for a Service's target and serve all its ports; until then calls wait")
  func wanted() {
    var live = live(service)
    #expect(live.targets == ["etcd:///greeter"])
    let waiting = live.compiled.clusters[name(80)]
    #expect(waiting?.targets == ["etcd:///greeter"])
    #expect(waiting?.isResolved == false)
    #expect(live.compiled.findings.isEmpty)

    let answer = EndpointSet([endpoint("10.0.0.2"), endpoint("10.0.0.1", port: 7)])
    #expect(live.resolve("etcd:///greeter", to: answer) == .endpoints(of: [name(80), name(81)]))
    #expect(live.compiled.addresses(name(80)) == ["10.0.0.1:7", "10.0.0.2:9000"])
    #expect(live.compiled.addresses(name(81)) == ["10.0.0.1:7", "10.0.0.2:9000"])
    #expect(live.compiled.clusters[name(81)]?.isResolved == true)
    #expect(live.compiled.summary.endpoints == 2)
    #expect(live.resolve("etcd:///greeter", to: answer) == .nothing)
  }

  @Test("may be none, which is an answer and a warning, and not the same as no answer")
  func empty() {
    var live = live(service)
    #expect(live.resolve("etcd:///greeter", to: .empty) == .endpoints(of: [name(80), name(81)]))
    #expect(live.compiled.clusters[name(80)]?.isResolved == true)
    #expect(
      live.compiled.findings.map(\.message) == [
        "Service `default/greeter` has no endpoints: `etcd:///greeter` resolved to none"
      ])
    #expect(live.resolve("etcd:///greeter", to: nil) == .endpoints(of: [name(80), name(81)]))
    #expect(live.compiled.clusters[name(80)]?.isResolved == false)
    #expect(live.compiled.findings.isEmpty)
  }

  @Test("that nobody asked for are left out, and forgotten with their target")
  func unwanted() {
    var live = live(service)
    #expect(live.resolve("etcd:///other", to: .empty) == .nothing)
    _ = live.resolve("etcd:///greeter", to: .empty)
    let key = ObjectKey(namespace: "default", name: "greeter")
    #expect(live.apply([.remove(.service, key)]) == .everything)
    #expect(live.targets.isEmpty)
    _ = live.apply(decode(service).objects.map(ObjectChange.put))
    #expect(live.compiled.clusters[name(80)]?.isResolved == false)
  }

  @Test("are chosen by subsets as others are, and their weights count")
  func subsets() {
    let routes = greeterRoutes(
      "  - route: [{destination: {host: greeter, subset: v1, port: {number: 80}}}]")
    var live = live(documents(service, greeterSubsets, routes))
    _ = live.resolve(
      "etcd:///greeter",
      to: EndpointSet([
        endpoint("10.0.0.1", weight: 2, labels: ["version": "v1"]),
        endpoint("10.0.0.2", labels: ["version": "v1"]),
        endpoint("10.0.0.3", labels: ["version": "v2"]),
      ]))
    let subset = live.compiled.clusters[name(80, subset: "v1")]
    #expect(subset?.endpoints.count == 2)
    #expect(subset?.policyName == "weighted_round_robin")
    #expect(subset?.targets == ["etcd:///greeter"])
  }

  @Test("replace slices and pods")
  func insteadOfSlices() {
    let slice = """
      apiVersion: discovery.k8s.io/v1
      kind: EndpointSlice
      metadata: {name: s, labels: {kubernetes.io/service-name: greeter}}
      addressType: IPv4
      endpoints: [{addresses: [10.0.0.9]}]
      ports: [{name: a, port: 8080}]
      """
    let compiled = live(documents(service, slice)).compiled
    #expect(compiled.addresses(name(80)) == [])
    #expect(
      compiled.findings.map(\.message) == [
        "the EndpointSlices of Service `default/greeter` are not used, as its endpoints come from "
          + "`etcd:///greeter`"
      ])
  }

  // MARK: ServiceEntries

  private func entry(_ spec: String) -> String {
    """
    apiVersion: networking.istio.io/v1
    kind: ServiceEntry
    metadata: {name: e}
    spec:
      hosts: [a.example, B.example]
      ports: [{name: grpc, number: 80, targetPort: 9000}]
      resolution: DNS
    \(spec)
    """
  }

  @Test("of a ServiceEntry with `DNS` are those of each name, with the entry's weight and labels")
  func names() {
    var live = live(
      entry(
        """
          endpoints:
          - {address: X.example, weight: 3, labels: {version: v1}, locality: eu}
          - {address: y.example, ports: {grpc: 7}}
          - {address: 10.0.0.9}
        """))
    let targets: Set = ["dns:///x.example:9000", "dns:///y.example:7"]
    #expect(live.targets == targets)
    let cluster = name(80, host: "a.example")
    #expect(live.compiled.addresses(cluster) == ["10.0.0.9:9000"])
    #expect(live.compiled.clusters[cluster]?.isResolved == true)
    #expect(live.compiled.clusters[cluster]?.targets == targets.sorted())

    let change = live.resolve(
      "dns:///x.example:9000",
      to: EndpointSet([endpoint("10.0.0.1", labels: ["a": "b"]), endpoint("10.0.0.2")]))
    #expect(change == .endpoints(of: [cluster, name(80, host: "b.example")]))
    let endpoints = live.compiled.clusters[cluster]?.endpoints.endpoints ?? []
    #expect(endpoints.map(\.weight) == [3, 3, 1])
    #expect(endpoints.first?.labels == ["a": "b", "version": "v1"])
    #expect(endpoints.first?.locality == Locality(region: "eu"))
  }

  @Test("of a ServiceEntry that lists none are those of its hosts")
  func hosts() {
    var live = live(entry(""))
    #expect(live.targets == ["dns:///a.example:9000", "dns:///b.example:9000"])
    let (a, b) = (name(80, host: "a.example"), name(80, host: "b.example"))
    let change = live.resolve("dns:///a.example:9000", to: EndpointSet([endpoint("10.0.0.1")]))
    #expect(change == .endpoints(of: [a]))
    #expect(live.compiled.addresses(a) == ["10.0.0.1:9000"])
    #expect(live.compiled.clusters[b]?.isResolved == false)
    _ = live.resolve("dns:///b.example:9000", to: .empty)
    #expect(
      live.compiled.findings.map(\.message) == [
        "the host `b.example` has no endpoints: `dns:///b.example:9000` resolved to none"
      ])
  }
}
