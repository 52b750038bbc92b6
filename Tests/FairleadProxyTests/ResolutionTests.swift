import FairleadBalancing
import FairleadRouting
import FairleadTestSupport
import Testing

@testable import FairleadProxy

@Suite("Clusters whose endpoints a resolver tells", .timeLimit(.minutes(1)))
struct ResolutionTests {
  private let target = "dns:///greeter:80"

  private func snapshot(
    _ backends: [Backend], isResolved: Bool = true, generation: Int,
    changes: Snapshot.Changes = .everything
  ) -> Snapshot {
    var cluster = Setup.cluster(ports: backends.map { ($0.name, $0.port) })
    cluster.targets = [target]
    cluster.isResolved = isResolved
    return Snapshot(
      generation: generation, hosts: VirtualHostTable([Setup.host([(cluster, 1)])]),
      clusters: [cluster.name: cluster], changes: changes)
  }

  @Test("let calls wait for the first answer")
  func firstAnswer() async throws {
    try await withProxy { setup in
      let backends = try await setup.backends("a")
      await setup.apply(snapshot([], isResolved: false, generation: 1))
      let client = try await setup.client()
      async let early = client.result()
      await expectEventually("the call waits") {
        await setup.proxy.metrics().clusters.first?.unassigned.active == 1
      }
      await setup.apply(snapshot(backends, generation: 2))
      #expect(try await early.pod == "a")
    }
  }

  @Test("fail calls when the first answer is empty, those that waited too")
  func emptyAnswer() async throws {
    try await withProxy { setup in
      await setup.apply(snapshot([], isResolved: false, generation: 1))
      let client = try await setup.client()
      async let early = client.result()
      await expectEventually("the call waits") {
        await setup.proxy.metrics().clusters.first?.unassigned.active == 1
      }
      await setup.apply(snapshot([], generation: 2))
      #expect(try await early.flag == "UH")
      #expect(try await client.result().flag == "UH")
    }
  }

  @Test("fail the calls that wait when they leave the configuration unresolved")
  func leavesUnresolved() async throws {
    try await withProxy { setup in
      await setup.apply(snapshot([], isResolved: false, generation: 1))
      let client = try await setup.client()
      async let early = client.result()
      await expectEventually("the call waits") {
        await setup.proxy.metrics().clusters.first?.unassigned.active == 1
      }
      await setup.apply(Snapshot(generation: 2, virtualHosts: [], clusters: []))
      #expect(try await early.flag == "UH")
    }
  }

  @Test("keep what they have while another target has not answered")
  func otherTarget() async throws {
    try await withProxy { setup in
      let backends = try await setup.backends("a", "b")
      let client = try await setup.client()
      await setup.apply(snapshot([backends[0]], generation: 1))
      #expect(try await client.result().pod == "a")
      await setup.apply(snapshot([], isResolved: false, generation: 2))
      #expect(try await client.result().pod == "a")
      await setup.apply(snapshot([backends[1]], generation: 3))
      #expect(try await client.result().pod == "b")
    }
  }

  @Test("follow a change of endpoints alone, and a Snapshot that was missed in between")
  func endpointChanges() async throws {
    try await withProxy { setup in
      let backends = try await setup.backends("a", "b", "c")
      let client = try await setup.client()
      await setup.apply(snapshot([backends[0]], generation: 1))
      #expect(try await client.result().pod == "a")
      let changes = Snapshot.Changes.endpoints(of: [Setup.cluster(ports: []).name])
      await setup.apply(snapshot([backends[1]], generation: 2, changes: changes))
      #expect(try await client.result().pod == "b")
      // What changed in generation 3 is not known: everything is looked at.
      await setup.apply(snapshot([backends[2]], generation: 4, changes: .endpoints(of: [])))
      #expect(try await client.result().pod == "c")
    }
  }

  @Test("ask for another answer when an endpoint cannot be reached, and when one is lost")
  func feedback() async throws {
    let asked = AsyncStream<[String]>.makeStream()
    let ask = { @Sendable (targets: [String]) in _ = asked.continuation.yield(targets) }
    try await withProxy(unreachable: ask) { setup in
      let backend = try await setup.backend("a")
      await setup.apply(snapshot([backend], generation: 1))
      let client = try await setup.client()
      #expect(try await client.result().pod == "a")
      await backend.stop()
      var iterator = asked.stream.makeAsyncIterator()
      // Lost, then not to be had again.
      #expect(await iterator.next() == [target])
      _ = try await client.result()
      #expect(await iterator.next() == [target])
    }
  }
}
