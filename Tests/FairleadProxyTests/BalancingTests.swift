import FairleadRouting
import FairleadTestSupport
import Testing

@testable import FairleadProxy

@Suite("The proxy spreads calls", .timeLimit(.minutes(1)))
struct BalancingTests {
  @Test("of one connection exactly in turn")
  func roundRobin() async throws {
    try await withProxy { setup in
      let backends = try await setup.backends("a", "b", "c")
      await setup.apply(backends)
      let client = try await setup.client()
      var pods: [String] = []
      for _ in 0..<99 {
        let result = try await client.result()
        #expect(result.status == "0")
        pods.append(result.pod ?? "")
      }
      for start in stride(from: 0, to: 99, by: 3) {
        #expect(Set(pods[start..<start + 3]) == ["a", "b", "c"])
      }
      #expect(backends.map(\.callCount) == [33, 33, 33])
      #expect(backends.map(\.seen.connections) == [1, 1, 1])
    }
  }

  @Test("of a split exactly, in every ten")
  func split() async throws {
    try await withProxy { setup in
      let backends = try await setup.backends("v1", "v2")
      let clusters = backends.map {
        Setup.cluster(ports: [($0.name, $0.port)], subset: $0.name)
      }
      await setup.apply(
        Snapshot(
          generation: 1, virtualHosts: [Setup.host([(clusters[0], 90), (clusters[1], 10)])],
          clusters: clusters))
      let client = try await setup.client()
      var pods: [String] = []
      for _ in 0..<100 {
        pods.append(try await client.result().pod ?? "")
      }
      for start in stride(from: 0, to: 100, by: 10) {
        #expect(pods[start..<start + 10].count { $0 == "v2" } == 1)
      }
    }
  }

  @Test("and goes on with a split where it was when a Snapshot leaves it as it is")
  func splitContinuity() async throws {
    try await withProxy { setup in
      let backends = try await setup.backends("v1", "v2")
      let client = try await setup.client()
      var pods: [String] = []
      for generation in 0..<50 {
        let clusters = backends.map {
          Setup.cluster(ports: [($0.name, $0.port)], subset: $0.name)
        }
        await setup.apply(
          Snapshot(
            generation: generation,
            virtualHosts: [Setup.host([(clusters[0], 1), (clusters[1], 1)])], clusters: clusters))
        pods.append(try await client.result().pod ?? "")
      }
      #expect(pods.count { $0 == "v1" } == 25)
      #expect(zip(pods, pods.dropFirst()).allSatisfy { $0 != $1 })
    }
  }

  @Test("of many clients without losing or repeating one", arguments: ["round_robin", "random"])
  func manyClients(policy: String) async throws {
    try await withProxy { setup in
      let backends = try await setup.backends("a", "b")
      await setup.apply(backends, policy: policy)
      let results = try await withThrowingTaskGroup(of: CallResult.self) { tasks in
        for _ in 0..<10 {
          let client = try await setup.client()
          for _ in 0..<40 {
            tasks.addTask { try await client.result(body: [1, 2, 3]) }
          }
        }
        return try await tasks.reduce(into: []) { $0.append($1) }
      }
      #expect(results.count == 400)
      #expect(results.allSatisfy { $0.status == "0" && $0.body == [1, 2, 3] })
      #expect(backends.reduce(0) { $0 + $1.callCount } == 400)
      if policy == "round_robin" {
        #expect(backends.map(\.callCount) == [200, 200])
      }
    }
  }

  @Test("under pick_first without a wait for an endpoint that does not answer")
  func happyEyeballs() async throws {
    // Without the next attempt beside the first one, the call would wait for longer than the test may.
    try await withProxy(.test { $0.connectTime = .seconds(600) }) { setup in
      let silent = try await RawServer.start(on: setup.group) { [] }
      let backend = try await setup.backend("b")
      await setup.apply(
        Setup.snapshot(
          ports: [("silent", silent.port), (backend.name, backend.port)], policy: "pick_first"))
      let client = try await setup.client()
      #expect(try await client.result().pod == "b")
      #expect(try await client.result().pod == "b")
      let endpoints = await setup.proxy.clusters().first?.endpoints
      #expect(endpoints?.prefix(2).map(\.name) == ["silent", "b"])
      #expect(endpoints?.prefix(2).map(\.state) == [.idle, .ready])
      await silent.stop()
    }
  }

  @Test("with their bodies whole in both directions")
  func bodies() async throws {
    try await withProxy { setup in
      await setup.apply(try await setup.backends("a"))
      let client = try await setup.client()
      let body = (0..<1_500_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
      let result = try await client.result(body: body)
      #expect(result.status == "0")
      #expect(result.body == body)
    }
  }

  @Test("and opens more connections at an endpoint's stream limit, up to the bound")
  func streamLimit() async throws {
    try await withProxy(.test { $0.maxConnectionsPerEndpoint = 3 }) { setup in
      let backend = try await setup.backend("a", maxStreams: 1) {
        call, _ in
      }
      await setup.apply([backend])
      let client = try await setup.client()
      var calls: [Call] = []
      for _ in 0..<5 {
        calls.append(try await client.call())
      }
      await expectEventually("three connections carry a call each") { backend.callCount == 3 }
      // Everything that is under way comes to rest: a call more is answered by none of them.
      #expect(backend.seen.connections == 3)
      backend.answerOpen()
      await expectEventually("the waiting calls follow") { backend.callCount == 5 }
      backend.answerOpen()
      for call in calls {
        let result = try await call.result()
        #expect(result.status == "0", "\(result)")
      }
      #expect(backend.seen.connections == 3)
      #expect(await setup.proxy.clusters().first?.endpoints.first?.active == 0)
    }
  }

  @Test("and refuses those that would wait beyond the bound, with UO")
  func waitingBound() async throws {
    try await withProxy(
      .test {
        $0.maxConnectionsPerEndpoint = 1
        $0.maxWaitingCalls = 2
      }
    ) { setup in
      let backend = try await setup.backend("a", maxStreams: 1) {
        call, _ in
      }
      await setup.apply([backend])
      let client = try await setup.client()
      let running = try await client.call()
      await expectEventually("the first call runs") { backend.callCount == 1 }
      let waiting = [try await client.call(), try await client.call()]
      let refused = try await client.result()
      #expect(refused.status == "14")
      #expect(refused.flag == "UO")
      // Calls whose clients have left hold no place.
      for call in waiting {
        try await call.cancel()
      }
      let next = [try await client.call(), try await client.call()]
      #expect(try await client.result().flag == "UO")
      for count in 1...3 {
        await expectEventually("call \(count) runs") { backend.callCount == count }
        backend.answerOpen()
      }
      for call in [running] + next {
        #expect(try await call.result().status == "0")
      }
    }
  }
}
