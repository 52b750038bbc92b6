import FairleadBalancing
import FairleadDiscovery
import FairleadManifests
import Testing

@testable import FairleadConfiguration

@Suite(
  "Objects and answers of resolvers become one Snapshot after another", .timeLimit(.minutes(1)))
struct ConfigurationControllerTests {
  @Test("the first Snapshot is made when every kind was told, and has all of it")
  func firstSnapshot() async throws {
    let setup = Setup()
    try await setup.run { applied in
      for kind in ManifestKind.allCases where kind != .pod {
        setup.submit([.replaceAll(kind, kind == .service ? [try service("a")] : [])])
      }
      setup.submit([.put(try service("b"))])
      setup.submit([.replaceAll(.pod, [])])
      let first = await applied.next()
      #expect(first?.snapshot.generation == 1)
      #expect(first?.summary.services == 2)
    }
  }

  @Test("what comes while one is put in force makes one Snapshot together")
  func coalescing() async throws {
    let setup = Setup()
    let held = setup.sink.hold()
    try await setup.run { applied in
      setup.submitAll(try service("a"))
      #expect(await applied.next()?.summary.services == 1)
      for name in ["b", "c", "d"] { setup.submit([.put(try service(name))]) }
      held.finish()
      let second = await applied.next()
      #expect(second?.snapshot.generation == 2)
      #expect(second?.summary.services == 4)
    }
  }

  @Test(
    "endpoints of a target are awaited, arrive, change, and outlive a failure that is told once")
  func target() async throws {
    let setup = Setup()
    var words = setup.sink.words.makeAsyncIterator()
    try await setup.run { applied in
      setup.submitAll(try service("a", target: "manual:///a"))
      let first = await applied.next()
      #expect(first?.isResolved("a") == false)
      setup.source.set([endpoint(1), endpoint(2)])
      let second = await applied.next()
      #expect(second?.isResolved("a") == true)
      #expect(second?.ports(of: "a") == [1, 2])
      #expect(
        second?.snapshot.changes
          == .endpoints(of: Set(second?.snapshot.clusters.keys.map(\.self) ?? [])))
      setup.source.fail(ResolutionFailure(.unreachable, "It is down."))
      #expect(await words.next() == "manual:///a: It is down.")
      setup.source.set([endpoint(2), endpoint(3)])
      #expect(await applied.next()?.ports(of: "a") == [2, 3])
      #expect(await words.next() == "manual:///a: well")
    }
  }

  @Test("a target that only fails has no endpoints, so that calls fail rather than wait")
  func failingTarget() async throws {
    let setup = Setup()
    setup.source.fail(ResolutionFailure(.notFound, "Nobody knows it."))
    try await setup.run { applied in
      setup.submitAll(try service("a", target: "manual:///a"))
      #expect(await applied.next()?.isResolved("a") == false)
      let second = await applied.next()
      #expect(second?.isResolved("a") == true)
      #expect(second?.ports(of: "a") == [])
    }
  }

  @Test("a target of an unknown scheme is said to be malformed, and the rest goes on")
  func malformedTarget() async throws {
    let setup = Setup()
    var words = setup.sink.words.makeAsyncIterator()
    try await setup.run { applied in
      setup.submitAll(
        try service("a", target: "nowhere:///a"), try service("b", target: "ipv4:10.0.0.1:5"))
      #expect(await words.next()?.hasPrefix("nowhere:///a: The target") == true)
      try await applied.next { $0.ports(of: "b") == [5] }
      #expect(setup.pool.statuses(at: .now).map(\.target) == ["ipv4:10.0.0.1:5"])
    }
  }

  @Test("a target that nobody names any more is not resolved any more")
  func unwantedTarget() async throws {
    let setup = Setup()
    try await setup.run { applied in
      setup.submitAll(try service("a", target: "ipv4:10.0.0.1:5"))
      try await applied.next { $0.isResolved("a") == true }
      #expect(setup.pool.statuses(at: .now).map(\.endpoints) == [1])
      setup.submit([.put(try service("a"))])
      try await applied.next { $0.ports(of: "a") == [] }
      // The pool takes it up on its own task.
      while !setup.pool.statuses(at: .now).isEmpty {
        try Task.checkCancellation()
        await Task.yield()
      }
    }
  }

  @Test("who asks to look again reaches the target's resolver")
  func resolveNow() async throws {
    let setup = Setup()
    let asked = AskedSource()
    var registry = ResolverRegistry()
    registry.register("asked") { _, _ in asked }
    let pool = ResolverPool(registry: registry, options: DiscoveryOptions(seed: 1))
    let controller = ConfigurationController(
      options: CompileOptions(), resolvers: pool, sink: setup.sink)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await controller.run() }
      let services = [try service("a", target: "asked:///a")]
      controller.submit(
        ManifestKind.allCases.map { .replaceAll($0, $0 == .service ? services : []) }, readAt: .now)
      var applied = setup.sink.applied.makeAsyncIterator()
      try await applied.next { $0.ports(of: "a") == [1] }
      pool.resolveNow(["asked:///a", "asked:///unknown"])
      try await applied.next { $0.ports(of: "a") == [2] }
      group.cancelAll()
    }
  }
}

/// Answers with one endpoint, whose port is one above the number of hints so far.
private struct AskedSource: EndpointSource {
  func watch(_ feed: ResolutionFeed, hints: ResolverHints) async {
    var port = 1
    repeat {
      feed.answered([ResolvedEndpoint(endpoint(port))])
      port += 1
    } while await hints.wait()
  }
}
