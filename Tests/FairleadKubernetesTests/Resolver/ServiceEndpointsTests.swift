import FairleadBalancing
import FairleadDiscovery
import FairleadDiscoveryTesting
import FairleadManifests
import FairleadTestSupport
import Foundation
import Testing

@testable import FairleadKubernetes

/// A resolver for a `kubernetes:` target.
private func resolver(_ target: String, _ client: KubernetesClient) throws -> Resolver {
  var registry = ResolverRegistry.standard
  registry.registerKubernetes(client)
  var options = DiscoveryOptions(seed: 1)
  options.resolver.minimumHintInterval = .milliseconds(20)
  return try registry.resolver(for: registry.target(target), options: options)
}

/// Runs a resolver during `body`, and keeps all that it tells.
private func running(
  _ resolver: Resolver, _ body: (Noted<Resolution>) async throws -> Void
) async throws {
  let told = Noted<Resolution>()
  try await withThrowingTaskGroup(of: Void.self) { group in
    group.addTask { await resolver.run() }
    group.addTask { for await resolution in resolver { told.note(resolution) } }
    defer { group.cancelAll() }
    try await body(told)
  }
}

extension Resolution {
  fileprivate var addresses: [String] { endpoints.map(\.endpoint.address.description).sorted() }
}

private func address(_ last: Int) -> EndpointAddress { .ip(host: "10.0.0.\(last)", port: 8080) }

@Suite("Targets of the scheme kubernetes", .timeLimit(.minutes(1)))
struct ServiceEndpointsTests {
  private let folder: TemporaryFolder
  private let api: StandInAPI

  init() throws {
    folder = try TemporaryFolder()
    api = try StandInAPI()
    try api.put(.service, Objects.service())
    try put("a", [1, 2])
    try api.put(.pod, Objects.pod("pod1", labels: ["version": "v1"], weight: 3))
  }

  /// Puts a slice with pods by number.
  private func put(_ slice: String, _ numbers: [Int]) throws {
    let endpoints = numbers.map { Objects.endpoint("10.0.0.\($0)", ready: true, pod: "pod\($0)") }
    try api.put(
      .endpointSlice,
      Objects.slice(slice, endpoints.isEmpty ? nil : endpoints))
  }

  private func resolving(
    _ target: String = "kubernetes:///greeter:80", options: KubernetesOptions = quickOptions(),
    _ body: (Resolver, Noted<Resolution>) async throws -> Void
  ) async throws {
    try await withAPI(api) {
      let resolver = try resolver(target, try client(of: api, in: folder, options: options))
      try await running(resolver) { try await body(resolver, $0) }
    }
  }

  private func expect(
    _ addresses: [String], _ resolver: Resolver,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async {
    let wanted = addresses.map { "10.0.0.\($0):8080" }
    await expectEventually("\(wanted)", sourceLocation: sourceLocation) {
      resolver.current?.addresses == wanted
    }
  }

  @Test("The resolver keeps what every resolver promises")
  func conformance() async throws {
    try await withAPI(api) {
      let resolver = try resolver(
        "kubernetes:///greeter:80", try client(of: api, in: folder))
      let fixture = ResolverFixture(
        resolver, initial: [address(1), address(2)],
        change: {
          try put("b", [3])
          try put("a", [2])
          return [address(2), address(3)]
        },
        empty: {
          api.delete(.endpointSlice, "b")
          try put("a", [])
        },
        breakDown: { await api.stop() }, repair: { try await api.start() })
      try await ResolverConformance(fixture).run()
    }
  }

  @Test("What is asked for is the Service alone, with its slices, and the pods' metadata")
  func questions() async throws {
    try await resolving("kubernetes:///greeter.default.svc.cluster.local:80") { resolver, _ in
      await expect(["1", "2"], resolver)
      for verb in [APIQuestion.Verb.list, .watch] {
        await expectEventually { api.questions(.pod, verb).count == 1 }
        await expectEventually { api.questions(.endpointSlice, verb).count == 1 }
        await expectEventually { api.questions(.service, verb).count == 1 }
        #expect(
          api.questions(.endpointSlice, verb)[0].query["labelSelector"]
            == "kubernetes.io/service-name=greeter")
        #expect(
          api.questions(.service, verb)[0].query["fieldSelector"] == "metadata.name=greeter")
      }
      #expect(api.state.withLock { $0.questions.allSatisfy { $0.namespace == "default" } })
      #expect(resolver.current?.endpoints.first?.endpoint.labels == ["version": "v1"])
      #expect(resolver.current?.endpoints.first?.endpoint.weight == 3)
    }
  }

  @Test("Slices are added, emptied and deleted")
  func slices() async throws {
    try await resolving { resolver, _ in
      await expect(["1", "2"], resolver)
      try put("b", [3])
      await expect(["1", "2", "3"], resolver)
      try put("a", [])
      await expect(["3"], resolver)
      api.delete(.endpointSlice, "b")
      await expect([], resolver)
      #expect(resolver.current?.failure == nil)
    }
  }

  @Test("An endpoint that moves between slices is never gone")
  func moves() async throws {
    try await resolving { resolver, told in
      await expect(["1", "2"], resolver)
      for round in 0..<10 {
        // Now the new slice comes first, now the old one is emptied first, in one packet.
        let (from, to) = round.isMultiple(of: 2) ? ("a", "b") : ("b", "a")
        if round % 4 < 2 {
          try put(to, [1, 2])
          try put(from, [])
        } else {
          try put(to, [1, 2, 10 + round])
          try put(from, [])
          try put(to, [1, 2])
        }
      }
      try put("c", [9])
      await expect(["1", "2", "9"], resolver)
      for resolution in told.all where resolution.answeredAt != nil {
        #expect(Set(resolution.addresses).isSuperset(of: ["10.0.0.1:8080", "10.0.0.2:8080"]))
      }
    }
  }

  @Test("A Service that is deleted has no endpoints, and one that comes again has")
  func deletedService() async throws {
    try await resolving { resolver, _ in
      await expect(["1", "2"], resolver)
      api.delete(.service, "greeter")
      api.delete(.endpointSlice, "a")
      await expect([], resolver)
      await expectEventually { resolver.current?.failure?.kind == .notFound }
      try api.put(.service, Objects.service())
      try put("a", [4])
      await expect(["4"], resolver)
      await expectEventually { resolver.current?.failure == nil }
    }
  }

  @Test("A deletion that happened while nothing was watched is seen in the list after it")
  func deletedInBetween() async throws {
    try put("b", [3])
    try await resolving { resolver, _ in
      await expect(["1", "2", "3"], resolver)
      await api.stop()
      await expectEventually { resolver.current?.failure?.kind == .unreachable }
      #expect(resolver.current?.addresses.count == 3)
      api.delete(.endpointSlice, "b")
      api.compact()
      try await api.start()
      await expect(["1", "2"], resolver)
      await expectEventually { resolver.current?.failure == nil }
    }
  }

  @Test("An outage of an hour leaves all endpoints")
  func outage() async throws {
    let clock = ManualClock()
    var options = quickOptions()
    options.clock = clock
    options.now = { clock.now }
    options.backoff = KubernetesOptions(seed: 1, wallClock: options.wallClock).backoff
    try await resolving(options: options) { resolver, told in
      await expectEventually {
        clock.advance(by: .milliseconds(10))
        return resolver.current?.addresses.count == 2
      }
      await api.stop()
      let start = clock.now
      while start.duration(to: clock.now) < .seconds(3600) {
        clock.advance(by: .seconds(20))
        await Task.yield()
      }
      await expectEventually {
        clock.advance(by: .seconds(1))
        return resolver.current?.failure?.kind == .unreachable
      }
      #expect(told.all.allSatisfy { $0.answeredAt == nil || $0.addresses.count == 2 })
      try put("a", [1, 2, 3])
      try await api.start()
      await expectEventually {
        clock.advance(by: .milliseconds(200))
        return resolver.current?.addresses.count == 3 && resolver.current?.failure == nil
      }
    }
  }

  @Test("Without the right to read pods there are endpoints without labels")
  func forbiddenPods() async throws {
    api.answerAlways(.pod, .list, .body(403, try Fixture.body("error-403.json")))
    try await resolving { resolver, _ in
      await expect(["1", "2"], resolver)
      #expect(resolver.current?.endpoints.allSatisfy(\.endpoint.labels.isEmpty) == true)
      #expect(resolver.current?.failure == nil)
    }
  }

  @Test("Credentials that are not there are told, and found when they come")
  func credentialsComeLater() async throws {
    try await withAPI(api) {
      var options = quickOptions()
      options.backoff = Backoff(initial: .milliseconds(5), jitter: 0, maximum: .milliseconds(20))
      let late = try TemporaryFolder()
      let absent = KubernetesClient(
        CredentialSelection(kubeconfig: "\(late.path)/config", environment: [:]), options: options)
      let resolver = try resolver("kubernetes:///greeter:80", absent)
      try await running(resolver) { _ in
        await expectEventually { resolver.current?.failure?.kind == .denied }
        _ = try client(of: api, in: late)
        await expect(["1", "2"], resolver)
      }
    }
  }

  @Test("A recorded Service of 230 pods ends with those that the recording leaves")
  func recorded() async throws {
    api.answer(
      .endpointSlice, .list, .body(200, try Fixture.body("list-endpointslices-big.json")))
    api.answer(
      .endpointSlice, .watch,
      .stream(chunks(try Fixture.stream("watch-endpointslices-big.jsonl"), of: 4096)))
    try api.put(.service, Objects.service("big", ports: ["grpc-backend": 8080]))
    try await resolving("kubernetes:///big:8080") { resolver, told in
      await expectEventually { resolver.current?.endpoints.count == 155 }
      #expect(resolver.current?.endpoints.allSatisfy { $0.readiness == .ready } == true)
      #expect(told.all.allSatisfy { $0.answeredAt == nil || $0.endpoints.count >= 155 })
    }
  }
}
