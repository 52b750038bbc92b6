import FairleadBalancing
import FairleadDiscovery
import FairleadManifests
import Testing

@testable import FairleadKubernetes

/// A view that is told objects.
struct Viewing {
  var view: ServiceView

  init(_ target: String = "kubernetes:///greeter", zone: String? = nil, node: String? = nil) throws
  {
    let target = try KubernetesTarget(Target(target, knownSchemes: ["kubernetes"]))
    view = ServiceView(target, namespace: "default")
    view.zone = zone
    view.nodeName = node
  }

  /// Lists of all three kinds.
  mutating func list(
    services: [[String: Any]] = [Objects.service()], slices: [[String: Any]],
    pods: [[String: Any]] = []
  ) throws {
    try list(.service, services)
    try list(.endpointSlice, slices)
    try list(.pod, pods)
  }

  mutating func list(_ kind: ManifestKind, _ objects: [[String: Any]]) throws {
    let objects = try objects.map { try Objects.watched($0, kind) }
    _ = view.take(.replaced(objects, version: "v1"), of: kind)
  }

  mutating func put(_ kind: ManifestKind, _ object: [String: Any]) throws {
    _ = view.take(.changed([.put(try Objects.watched(object, kind))]), of: kind)
  }

  mutating func remove(_ kind: ManifestKind, _ name: String) {
    let key = ObjectKey(namespace: "default", name: name)
    _ = view.take(.changed([.removed(key)]), of: kind)
  }

  /// Addresses of the answer, each with how it is if it is not ready; `nil` if there is none.
  var answer: [String]? {
    guard case .answer(let endpoints, _) = view.word else { return nil }
    return endpoints.map {
      let address = $0.endpoint.address.description
      return $0.readiness == .ready ? address : "\(address) \($0.readiness.rawValue)"
    }
  }

  var failure: ResolutionFailure? {
    if case .failure(let failure) = view.word { failure } else { nil }
  }
}

@Suite("The endpoints of a Service")
struct ServiceViewTests {
  private let one = Objects.slice("a", [Objects.endpoint("10.0.0.1", pod: "one")])
  private let two = Objects.slice("b", [Objects.endpoint("10.0.0.2", pod: "two")])

  @Test("There is nothing to say before slices, Service and pods were told once")
  func waits() throws {
    var viewing = try Viewing()
    #expect(viewing.view.word == nil)
    try viewing.list(.endpointSlice, [one])
    #expect(viewing.view.word == nil)
    try viewing.list(.pod, [])
    #expect(viewing.view.word == nil)
    try viewing.list(.service, [Objects.service()])
    #expect(viewing.answer == ["10.0.0.1:8080"])
  }

  @Test("They are the union of the Service's slices, and a slice that goes takes only its own")
  func union() throws {
    var viewing = try Viewing()
    try viewing.list(slices: [one, two])
    #expect(viewing.answer == ["10.0.0.1:8080", "10.0.0.2:8080"])
    try viewing.put(.endpointSlice, Objects.slice("c", [Objects.endpoint("10.0.0.3", pod: "x")]))
    #expect(viewing.answer == ["10.0.0.1:8080", "10.0.0.2:8080", "10.0.0.3:8080"])
    viewing.remove(.endpointSlice, "a")
    #expect(viewing.answer == ["10.0.0.2:8080", "10.0.0.3:8080"])
    viewing.remove(.endpointSlice, "never-there")
    #expect(viewing.answer == ["10.0.0.2:8080", "10.0.0.3:8080"])
    try viewing.put(.endpointSlice, Objects.slice("b", nil, ports: [:]))
    #expect(viewing.answer == ["10.0.0.3:8080"])
    viewing.remove(.endpointSlice, "c")
    #expect(viewing.answer == [], "no endpoints is an answer")
  }

  @Test("A new list replaces what was known: slices that are gone from it are gone")
  func relist() throws {
    var viewing = try Viewing()
    try viewing.list(slices: [one, two])
    try viewing.list(.endpointSlice, [two])
    #expect(viewing.answer == ["10.0.0.2:8080"])
  }

  @Test("An endpoint that moves between slices is there all the time, as the ready one")
  func moves() throws {
    var viewing = try Viewing()
    try viewing.list(slices: [one, two])
    let both = Objects.slice(
      "b", [Objects.endpoint("10.0.0.2", pod: "two"), Objects.endpoint("10.0.0.1", pod: "one")])
    try viewing.put(.endpointSlice, both)
    #expect(Set(viewing.answer ?? []) == ["10.0.0.1:8080", "10.0.0.2:8080"])
    try viewing.put(
      .endpointSlice,
      Objects.slice("a", [Objects.endpoint("10.0.0.1", ready: false, pod: "one")]))
    // The first of two with one address counts for readers.
    #expect(viewing.answer?.first { $0.hasPrefix("10.0.0.1:") } == "10.0.0.1:8080")
    viewing.remove(.endpointSlice, "a")
    #expect(Set(viewing.answer ?? []) == ["10.0.0.1:8080", "10.0.0.2:8080"])
  }

  @Test("What conditions do not say is ready, serving and not terminating")
  func conditions() throws {
    var viewing = try Viewing()
    let endpoints = [
      Objects.endpoint("10.0.0.1"), Objects.endpoint("10.0.0.2", ready: true),
      Objects.endpoint("10.0.0.3", ready: false),
      Objects.endpoint("10.0.0.4", ready: false, serving: true, terminating: true),
      Objects.endpoint("10.0.0.5", ready: false, serving: false, terminating: true),
      Objects.endpoint("10.0.0.6", ready: false, terminating: true),
      Objects.endpoint("10.0.0.7", ready: false, serving: true, terminating: false),
    ]
    try viewing.list(slices: [Objects.slice("a", endpoints)])
    #expect(
      viewing.answer == [
        "10.0.0.1:8080", "10.0.0.2:8080", "10.0.0.3:8080 not-ready", "10.0.0.4:8080 draining",
        "10.0.0.5:8080 not-ready", "10.0.0.6:8080 draining", "10.0.0.7:8080 not-ready",
      ])
  }

  @Test("Labels and weights come from the pods, also when these are told later")
  func pods() throws {
    var viewing = try Viewing()
    try viewing.list(slices: [one])
    try viewing.put(.pod, Objects.pod("one", labels: ["version": "v1"], weight: 7))
    try viewing.put(.pod, Objects.pod("other", labels: ["version": "v2"]))
    guard case .answer(let endpoints, _) = viewing.view.word else {
      Issue.record("there is an answer")
      return
    }
    #expect(endpoints.map(\.endpoint.labels) == [["version": "v1"]])
    #expect(endpoints.map(\.endpoint.weight) == [7])
    viewing.remove(.pod, "one")
    guard case .answer(let without, _) = viewing.view.word else {
      Issue.record("there is an answer")
      return
    }
    #expect(without.map(\.endpoint.labels) == [[:]])
  }

  @Test("An object that cannot be read leaves what was known of it")
  func invalid() throws {
    var viewing = try Viewing()
    try viewing.list(slices: [one])
    var broken = one
    broken["addressType"] = "IPX"
    try viewing.put(.endpointSlice, broken)
    #expect(viewing.answer == ["10.0.0.1:8080"])
  }

  @Test("The recorded Service ends as the recording ends")
  func recorded() throws {
    var viewing = try Viewing("kubernetes:///istio-grpc-server")
    let slice = ResourceScope(.endpointSlice)
    func isOurs(_ key: ObjectKey) -> Bool { key.name == "istio-grpc-server-wfdq7" }
    var splitter = ListSplitter(limit: 1 << 20)
    let items = try splitter.split(try Fixture.body("list-endpointslices-of-one-service.json"))
    let listed = try items.compactMap {
      WatchedObject(try ManifestNode(json: $0), scope: slice)
    }
    _ = viewing.view.take(.replaced(listed, version: "v1"), of: .endpointSlice)
    try viewing.list(
      .service, [Objects.service("istio-grpc-server", ports: ["grpc-backend": 8080])])
    try viewing.list(.pod, [])
    var seen: [[String]] = [viewing.answer ?? []]
    for line in try Fixture.lines("watch-endpointslices.jsonl") {
      guard case .put(let object, _) = WatchLine(line, scope: slice), isOurs(object.key) else {
        continue
      }
      _ = viewing.view.take(.changed([.put(object)]), of: .endpointSlice)
      seen.append(viewing.answer ?? [])
    }
    let hosts = seen.map { $0.map { $0.replacing(":8080", with: "") }.sorted() }
    #expect(
      hosts == [
        ["10.244.1.11", "10.244.1.12"],
        ["10.244.1.11", "10.244.1.12", "10.244.1.13 not-ready"],
        ["10.244.1.11", "10.244.1.12", "10.244.1.13"],
        ["10.244.1.11 draining", "10.244.1.12", "10.244.1.13"],
        ["10.244.1.11 not-ready", "10.244.1.12", "10.244.1.13"],
        ["10.244.1.12", "10.244.1.13"],
        ["10.244.1.12", "10.244.1.13"],
      ], "\(hosts)")
  }
}
