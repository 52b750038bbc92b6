import FairleadDiscovery
import FairleadManifests
import Testing

@testable import FairleadKubernetes

private let forbidden = KubernetesFailure(.forbidden, "Forbidden.")
private let unreachable = KubernetesFailure(.unreachable, "Unreachable.")

@Suite("What is wrong with a Service or its server")
struct ServiceViewFailureTests {
  private let slice = Objects.slice("a", [Objects.endpoint("10.0.0.1", pod: "one")])

  @Test("A Service that is not there has no endpoints, and the reason is told")
  func unknown() throws {
    var viewing = try Viewing("kubernetes:///greeter:80")
    try viewing.list(services: [], slices: [])
    guard case .answer(let endpoints, let failure?) = viewing.view.word else {
      Issue.record(
        "an answer without endpoints and its reason: \(String(describing: viewing.view.word))")
      return
    }
    #expect(endpoints.isEmpty)
    #expect(failure.kind == .notFound)
    #expect(failure.message.contains("\"greeter\""))
    #expect(failure.message.contains("\"default\""))
    // It comes later: nothing is wrong any more.
    try viewing.put(.service, Objects.service())
    try viewing.put(.endpointSlice, slice)
    #expect(viewing.view.word == .answer(endpointsOf(viewing)))
    #expect(viewing.answer == ["10.0.0.1:8080"])
  }

  @Test("A Service that is deleted takes its endpoints with it")
  func deleted() throws {
    var viewing = try Viewing("kubernetes:///greeter:80")
    try viewing.list(slices: [slice])
    viewing.remove(.service, "greeter")
    viewing.remove(.endpointSlice, "a")
    #expect(viewing.answer == [])
  }

  @Test("Slices without a Service are enough for a name, and for their own number")
  func slicesAlone() throws {
    for (target, answer) in [
      ("greeter", ["10.0.0.1:8080"]), ("greeter:8080", ["10.0.0.1:8080"]),
    ] {
      var viewing = try Viewing("kubernetes:///\(target)")
      try viewing.list(services: [], slices: [slice])
      #expect(viewing.answer == answer, "\(target)")
    }
  }

  @Test("Who may not read pods gets endpoints without labels")
  func forbiddenPods() throws {
    var viewing = try Viewing()
    try viewing.list(.service, [Objects.service()])
    try viewing.list(.endpointSlice, [slice])
    #expect(viewing.view.word == nil)
    _ = viewing.view.take(.failed(forbidden), of: .pod)
    #expect(viewing.answer == ["10.0.0.1:8080"])
  }

  @Test(
    "Who may not read Services gets endpoints by the pods' port, and is told what is missing for another"
  )
  func forbiddenServices() throws {
    for target in ["greeter", "greeter:8080"] {
      var viewing = try Viewing("kubernetes:///\(target)")
      try viewing.list(.pod, [])
      try viewing.list(.endpointSlice, [slice])
      _ = viewing.view.take(.failed(forbidden), of: .service)
      #expect(viewing.answer == ["10.0.0.1:8080"], "\(target)")
    }
    var viewing = try Viewing("kubernetes:///greeter:80")
    try viewing.list(.pod, [])
    try viewing.list(.endpointSlice, [slice])
    _ = viewing.view.take(.failed(forbidden), of: .service)
    #expect(viewing.failure == ResolutionFailure(.denied, "Forbidden."))
  }

  @Test("Without slices there is no answer, whatever else is known")
  func forbiddenSlices() throws {
    var viewing = try Viewing()
    try viewing.list(.service, [Objects.service()])
    try viewing.list(.pod, [])
    _ = viewing.view.take(.failed(forbidden), of: .endpointSlice)
    #expect(viewing.failure == ResolutionFailure(.denied, "Forbidden."))
  }

  @Test("While slices are not followed that is told; a watch that is open ends it")
  func outage() throws {
    var viewing = try Viewing()
    try viewing.list(slices: [slice])
    var isNews = viewing.view.take(.ended, of: .endpointSlice)
    #expect(!isNews)
    isNews = viewing.view.take(.failed(unreachable), of: .endpointSlice)
    #expect(isNews)
    #expect(viewing.failure == ResolutionFailure(.unreachable, "Unreachable."))
    isNews = viewing.view.take(.watching, of: .endpointSlice)
    #expect(isNews)
    #expect(viewing.answer == ["10.0.0.1:8080"])
    isNews = viewing.view.take(.watching, of: .endpointSlice)
    #expect(!isNews)
  }

  @Test("An outage of pods and Services takes nothing away")
  func outageBeside() throws {
    var viewing = try Viewing("kubernetes:///greeter:80")
    try viewing.list(slices: [slice], pods: [Objects.pod("one", labels: ["a": "b"])])
    let before = viewing.view.word
    _ = viewing.view.take(.failed(unreachable), of: .service)
    _ = viewing.view.take(.failed(unreachable), of: .pod)
    #expect(viewing.view.word == before)
  }

  @Test(
    "Each failure has a kind that resolvers know",
    arguments: [
      (KubernetesFailure.Kind.credentials, ResolutionFailure.Kind.denied),
      (.unauthorized, .denied), (.forbidden, .denied), (.unreachable, .unreachable),
      (.certificate, .unreachable), (.expired, .unreachable), (.overloaded, .unreachable),
      (.notFound, .notFound), (.refused, .malformed), (.malformed, .malformed),
      (.tooLarge, .malformed),
    ])
  func kinds(kind: KubernetesFailure.Kind, expected: ResolutionFailure.Kind) throws {
    var viewing = try Viewing()
    _ = viewing.view.take(.failed(KubernetesFailure(kind, "No.")), of: .endpointSlice)
    #expect(viewing.failure == ResolutionFailure(expected, "No."))
  }

  private func endpointsOf(_ viewing: Viewing) -> [ResolvedEndpoint] {
    if case .answer(let endpoints, _) = viewing.view.word { endpoints } else { [] }
  }
}

@Suite("Hints of EndpointSlices")
struct ServiceViewHintTests {
  private func answer(
    _ endpoints: [[String: Any]], zone: String? = nil, node: String? = nil
  ) throws -> [String]? {
    var viewing = try Viewing(zone: zone, node: node)
    try viewing.list(slices: [Objects.slice("a", endpoints)])
    return viewing.answer?.map { $0.replacing(":8080", with: "") }
  }

  private let hinted = [
    Objects.endpoint("10.0.0.1", forZones: ["a"], forNodes: ["n1"]),
    Objects.endpoint("10.0.0.2", forZones: ["a"], forNodes: ["n2"]),
    Objects.endpoint("10.0.0.3", forZones: ["b"], forNodes: ["n3"]),
  ]

  @Test("A node comes before a zone, and each counts only if an endpoint is meant for it")
  func precedence() throws {
    #expect(try answer(hinted, zone: "a", node: "n3") == ["10.0.0.3"])
    #expect(try answer(hinted, zone: "a") == ["10.0.0.1", "10.0.0.2"])
    #expect(try answer(hinted, zone: "a", node: "n9") == ["10.0.0.1", "10.0.0.2"])
    #expect(try answer(hinted, zone: "c") == ["10.0.0.1", "10.0.0.2", "10.0.0.3"])
    #expect(try answer(hinted) == ["10.0.0.1", "10.0.0.2", "10.0.0.3"])
  }

  @Test("One ready endpoint without a hint, and all hints are void")
  func partial() throws {
    let bare = Objects.endpoint("10.0.0.4")
    #expect(try answer(hinted + [bare], zone: "b")?.count == 4)
    // One that is not ready needs none, and stays known.
    let starting = Objects.endpoint("10.0.0.4", ready: false)
    #expect(try answer(hinted + [starting], zone: "b") == ["10.0.0.3", "10.0.0.4 not-ready"])
  }
}
