import FairleadBalancing
import FairleadDiscovery
import FairleadGRPC
import FairleadTestSupport
import GRPCCore
import Synchronization
import Testing

@Suite("Policies over real servers")
struct PolicyTests {
  private func config(_ policy: String) throws -> ClientServiceConfig {
    try ClientServiceConfig(json: #"{"loadBalancingConfig": [\#(policy)]}"#)
  }

  @Test(
    "pick_first keeps to one server; shuffled, clients spread over all of them",
    arguments: [false, true])
  func pickFirst(shuffles: Bool) async throws {
    let config = try config(#"{"pick_first": {"shuffleAddressList": \#(shuffles)}}"#)
    try await withServers(3) { servers in
      // So many that chance leaves no server out, whoever answers first on a busy machine.
      for seed in 0..<(shuffles ? 36 : 12) {
        var configuration = BalancedTransport.Configuration()
        configuration.seed = UInt64(seed)
        try await withBalancedClient(of: servers, configuration, serviceConfig: config) {
          client, _ in
          let calls = try await servers.calls {
            for _ in 0..<3 { _ = try await client.callEmpty() }
          }
          #expect(calls.sorted() == [0, 0, 3])
        }
      }
      if shuffles {
        #expect(servers.allSatisfy { $0.calls > 0 })
      } else {
        // On a busy machine the first one may take too long now and then (RFC 8305).
        #expect(servers[0].calls >= 24)
      }
    }
  }

  @Test("pick_first goes on with the next server when its own is gone")
  func pickFirstFailsOver() async throws {
    try await withServers(2) { servers in
      try await withBalancedClient(of: servers, serviceConfig: try config(#"{"pick_first": {}}"#)) {
        client, _ in
        let first = try await client.callEmpty()
        await servers.first { $0.name == first }?.stop()
        await expectEventually("the other server serves") {
          let next = try? await client.callEmpty()
          return next != nil && next != first
        }
      }
    }
  }

  @Test(
    "policies that look at running calls go around a server that holds them",
    arguments: [
      "least_request_experimental", "least_request", "least_request_full_scan",
      "peak_ewma_experimental",
    ])
  func goesAroundTheSlow(policy: String) async throws {
    try await withServers(5) { servers in
      let gate = Gate()
      servers[0].behaviour.gate = gate
      try await withBalancedClient(
        of: servers, serviceConfig: try config(#"{"\#(policy)": {}}"#)
      ) { client, transport in
        try await transport.waitUntilReady(5)
        let done = Counter()
        try await withThrowingTaskGroup(of: Void.self) { group in
          for count in 1...100 {
            group.addTask {
              _ = try await client.callEmpty()
              done.increment()
            }
            await expectEventually("the call has ended or is held") {
              done.count + gate.waiting == count
            }
          }
          // In turn, it would have been given 20.
          #expect((1...6).contains(gate.waiting))
          #expect(transport.endpoints[0].active == gate.waiting)
          gate.open()
          try await group.waitForAll()
        }
        #expect(servers.map(\.calls).reduce(0, +) == 100)
        #expect(transport.active == 0)
      }
    }
  }

  @Test("random_subsetting connects to its part of the servers alone")
  func subsets() async throws {
    let config = try config(
      """
      {"random_subsetting_experimental": {"subsetSize": 2, "childPolicy": [{"round_robin": {}}]}}
      """)
    try await withServers(5) { servers in
      try await withBalancedClient(of: servers, serviceConfig: config) { client, transport in
        try await transport.waitUntilReady(2)
        for _ in 0..<20 { _ = try await client.callEmpty() }
        #expect(servers.map(\.calls).sorted() == [0, 0, 0, 10, 10])
        #expect(servers.map(\.record.accepted).sorted() == [0, 0, 0, 1, 1])
      }
    }
  }

  @Test("slow start ends with equal shares")
  func slowStart() async throws {
    let slow = SlowStart(window: .milliseconds(300))
    let config = ClientServiceConfig(
      balancing: BalancingConfiguration(policy: RoundRobinPolicy(), slowStart: slow))
    try await withServers(2) { servers in
      let source = ManualSource()
      source.set([servers[0].endpoint])
      try await withBalancedClient(of: source, serviceConfig: config) { client, transport in
        _ = try await client.callEmpty()
        source.set(servers.map(\.endpoint))
        try await transport.waitUntilReady(2)
        try await expectEventually("the shares are equal") {
          let calls = try await servers.calls {
            for _ in 0..<20 { _ = try await client.callEmpty() }
          }
          return calls == [10, 10]
        }
      }
    }
  }

  @Test("a user's own policy serves, by Swift API")
  func ownPolicy() async throws {
    let config = ClientServiceConfig(
      balancing: BalancingConfiguration(policy: OneServerPolicy(server: "server-2")))
    try await withServers(3) { servers in
      try await withBalancedClient(of: servers, serviceConfig: config) { client, transport in
        try await transport.waitUntilReady(3)
        for _ in 0..<5 { #expect(try await client.callEmpty() == "server-2") }
      }
    }
  }

  @Test("a user's own policy serves, by name in a service config, with its settings")
  func ownPolicyByName() async throws {
    var registry = PolicyRegistry.standard
    registry.register(OneServerPolicy(server: "server-0"))
    let config = try ClientServiceConfig(
      json: """
        {"loadBalancingConfig": [
          {"unheard_of": {}}, {"one_server": {"server": "server-1"}}, {"round_robin": {}}]}
        """,
      registry: registry)
    try await withServers(3) { servers in
      try await withBalancedClient(of: servers, serviceConfig: config) { client, transport in
        try await transport.waitUntilReady(3)
        for _ in 0..<5 { #expect(try await client.callEmpty() == "server-1") }
      }
    }
  }
}

private final class Counter: Sendable {
  private let value = Atomic(0)

  var count: Int { value.load(ordering: .relaxed) }

  func increment() { value.add(1, ordering: .relaxed) }
}
