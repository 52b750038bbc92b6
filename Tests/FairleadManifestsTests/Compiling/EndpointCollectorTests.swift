import FairleadBalancing
import Testing

@testable import FairleadManifests

@Suite("Endpoints of a Service")
struct EndpointCollectorTests {
  private let cluster = "outbound|8080||\(greeterHost)"

  private func slice(
    _ name: String, _ endpoints: String, service: String = "greeter", type: String = "IPv4",
    ports: String = "[{port: 8080}]"
  ) -> String {
    """
    apiVersion: discovery.k8s.io/v1
    kind: EndpointSlice
    metadata: {name: \(name), labels: {kubernetes.io/service-name: \(service)}}
    addressType: \(type)
    endpoints: [\(endpoints)]
    ports: \(ports)
    """
  }

  private func addresses(_ parts: String...) -> [String]? {
    let all = [service("greeter")] + parts
    return compile(all.joined(separator: "\n---\n")).addresses(cluster)
  }

  // MARK: Slices

  @Test("are the union of its slices, each address once, by pod name and address")
  func union() {
    #expect(
      addresses(
        slice(
          "b", "{addresses: [10.0.0.2], targetRef: {kind: Pod, name: p2}}, {addresses: [10.0.0.9]}"),
        slice(
          "a", "{addresses: [10.0.0.3], targetRef: {kind: Pod, name: p1}}, {addresses: [10.0.0.9]}"),
        slice("x", "{addresses: [10.0.0.7]}", service: "other"))
        == ["10.0.0.9:8080", "10.0.0.3:8080", "10.0.0.2:8080"])
  }

  @Test("are all that are ready; an endpoint that is in two slices is ready if one says so")
  func ready() {
    #expect(
      addresses(
        slice("a", "{addresses: [10.0.0.1], conditions: {ready: false}}, {addresses: [10.0.0.2]}"),
        slice("b", "{addresses: [10.0.0.1]}, {addresses: [10.0.0.3], conditions: {ready: false}}"))
        == ["10.0.0.1:8080", "10.0.0.2:8080"])
  }

  @Test("are those that serve while terminating, if none is ready")
  func terminating() {
    let leaving = "{addresses: [10.0.0.1], conditions: {ready: false, terminating: true}}"
    let gone =
      "{addresses: [10.0.0.2], conditions: {ready: false, serving: false, terminating: true}}"
    let starting = "{addresses: [10.0.0.3], conditions: {ready: false}}"
    #expect(addresses(slice("a", "\(leaving), \(gone), \(starting)")) == ["10.0.0.1:8080"])
    #expect(
      addresses(slice("a", "\(leaving), {addresses: [10.0.0.4]}")) == ["10.0.0.4:8080"])
  }

  @Test("are by the port's name; a port without a number gives none")
  func portsByName() {
    let text = documents(
      """
      apiVersion: v1
      kind: Service
      metadata: {name: greeter}
      spec: {ports: [{name: grpc, port: 8080}, {name: web, port: 80}]}
      """,
      slice(
        "a", "{addresses: [10.0.0.1]}",
        ports: "[{name: web, port: 8001}, {name: grpc, port: 9001}, {name: other, port: 1}]"),
      slice("b", "{addresses: [10.0.0.2]}", ports: "[{name: grpc, port: 9002}, {name: web}]"))
    #expect(compile(text).addresses(cluster) == ["10.0.0.1:9001", "10.0.0.2:9002"])
    #expect(compile(text).addresses("outbound|80||\(greeterHost)") == ["10.0.0.1:8001"])
  }

  @Test("of a pod with addresses of both families are one")
  func dualStack() {
    #expect(
      addresses(
        slice("a", "{addresses: [\"::1\"], targetRef: {kind: Pod, name: p}}", type: "IPv6"),
        slice("b", "{addresses: [10.0.0.1], targetRef: {kind: Pod, name: p}}"),
        slice("c", "{addresses: [\"::2\"], targetRef: {kind: Pod, name: q}}", type: "IPv6"))
        == ["10.0.0.1:8080", "[::2]:8080"])
  }

  @Test("of type FQDN are none")
  func fqdn() {
    #expect(addresses(slice("a", "{addresses: [a.example]}", type: "FQDN")) == [])
  }

  @Test("come from slices even if they are empty, and pods are then not asked")
  func slicesWin() {
    #expect(addresses(slice("a", ""), pod("p", app: "greeter", port: 1)) == [])
  }

  @Test("have the labels and the place of the pod behind them")
  func labels() {
    let text = documents(
      service("greeter"), pod("p", app: "greeter", version: "v7", port: 1),
      slice("a", "{addresses: [10.0.0.1], targetRef: {kind: Pod, name: p}, zone: zone-a}"))
    let endpoint = compile(text).cluster(cluster)?.endpoints.endpoints.first
    #expect(endpoint?.name == "p")
    #expect(endpoint?.labels["version"] == "v7")
    #expect(endpoint?.locality == Locality(zone: "zone-a"))
  }

  @Test("are those that hints mean for the client's zone, where its zone is known")
  func hints() {
    let text = documents(
      service("greeter"),
      slice(
        "a",
        """
        {addresses: [10.0.0.1], hints: {forZones: [{name: a}]}},
        {addresses: [10.0.0.2], hints: {forZones: [{name: b}]}}
        """))
    #expect(compile(text).addresses(cluster)?.count == 2)
    let near = Compiler(options: CompileOptions(zone: "b")).compile(
      ObjectStore(decode(text).objects))
    #expect(near.addresses(cluster) == ["10.0.0.2:8080"])
  }

  @Test("have the weight of the pod behind them, by slice and by selector")
  func weights() {
    let heavy = pod("p", app: "greeter", port: 1).replacing(
      "labels:", with: "annotations: {fairlead.dev/weight: \"3\"}\n  labels:")
    let pods = documents(service("greeter"), heavy, pod("q", app: "greeter", port: 2))
    let slices = slice(
      "a",
      "{addresses: [10.0.0.1], targetRef: {kind: Pod, name: p}}, "
        + "{addresses: [10.0.0.2], targetRef: {kind: Pod, name: q}}")
    for text in [pods, documents(pods, slices)] {
      #expect(compile(text).cluster(cluster)?.endpoints.endpoints.map(\.weight) == [3, 1])
      #expect(compile(text).cluster(cluster)?.policyName == "weighted_round_robin")
    }
  }

  // MARK: Pods

  @Test("come from the pods of its namespace that have every label of the selector")
  func selector() {
    let text = documents(
      """
      apiVersion: v1
      kind: Service
      metadata: {name: greeter}
      spec: {selector: {app: greeter, version: v1}, ports: [{port: 8080, targetPort: grpc}]}
      """,
      pod("c", app: "greeter", port: 3), pod("a", app: "greeter", port: 1),
      pod("b", app: "greeter", version: "v2", port: 2), pod("d", app: "other", port: 4),
      pod("e", app: "greeter", port: 5, namespace: "prod"))
    #expect(compile(text).addresses(cluster) == ["127.0.0.1:1", "127.0.0.1:3"])
  }

  @Test("listen on the target port: its number, or each pod's own port of its name")
  func targetPorts() {
    let pods = documents(pod("a", app: "greeter", port: 1), pod("b", app: "greeter", port: 2))
    #expect(addresses(pods) == ["127.0.0.1:1", "127.0.0.1:2"])
    let byNumber = service("greeter", target: "7") + "\n---\n" + pods
    #expect(compile(byNumber).addresses(cluster) == ["127.0.0.1:7"])
    #expect(
      findings(byNumber).withoutLines == [
        "warning duplicate-endpoint: pod `b` has the address 127.0.0.1:7 of pod `a` and gets no "
          + "calls; give each a port of its own and target it by name"
      ])
  }

  @Test("are not pods that have ended, have no address, are not ready, or lack the port")
  func unusable() {
    let text = documents(
      service("greeter"), pod("good", app: "greeter", port: 1),
      pod("failed", app: "greeter", port: 2).replacing("{podIP", with: "{phase: Failed, podIP"),
      pod("done", app: "greeter", port: 3).replacing("{podIP", with: "{phase: Succeeded, podIP"),
      pod("new", app: "greeter", port: 4).replacing("status: {podIP: 127.0.0.1}", with: ""),
      pod("sick", app: "greeter", port: 5).replacing(
        "{podIP", with: "{conditions: [{type: Ready, status: \"False\"}], podIP"),
      pod("odd", app: "greeter", port: 6).replacing("name: grpc", with: "name: web"))
    #expect(compile(text).addresses(cluster) == ["127.0.0.1:1"])
    #expect(
      findings(text).map { $0.split(separator: ":")[1] } == [
        " pod `new` has no `status.podIP` yet and gets no calls",
        " pod `odd` has no container port of the name that port 8080 of Service `default/greeter` targets",
      ])
  }

  @Test("are pods that are not ready too, if the Service publishes them")
  func publishNotReady() {
    let sick = pod("sick", app: "greeter", port: 5).replacing(
      "{podIP", with: "{conditions: [{type: Ready, status: \"False\"}], podIP")
    let text = service("greeter") + "\n  publishNotReadyAddresses: true\n---\n" + sick
    #expect(compile(text).addresses(cluster) == ["127.0.0.1:5"])
  }

  @Test("a Service without any says why")
  func none() {
    let noSelector = service("greeter").replacing(
      "selector: {app: greeter}", with: "type: ClusterIP")
    let broken = pod("p", app: "greeter", port: 1).replacing(
      "{podIP", with: "{phase: Pending, podIP")
    for (text, reason) in [
      (service("greeter"), "its selector matches no pod"),
      (noSelector, "it has neither a selector nor EndpointSlices"),
      (
        documents(service("greeter"), broken),
        "none of the pods that its selector matches can be called"
      ),
      (documents(service("greeter"), slice("a", "")), "its EndpointSlices have none that is ready"),
    ] {
      #expect(
        findings(text)
          == ["1 warning no-endpoints: Service `default/greeter` has no endpoints: \(reason)"])
    }
  }
}
