import FairleadBalancing
import FairleadDiscovery
import FairleadGRPC
import FairleadTestSupport
import GRPCCore
import Testing

@Suite("ring_hash_experimental")
struct HashedCallsTests {
  private static let json = #"{"loadBalancingConfig": [{"ring_hash_experimental": {}}]}"#
  private static let keys = (0..<60).map { "user-\($0)" }

  private func serversByKey(
    _ client: any Grpc_Testing_TestService.ClientProtocol
  ) async throws -> [String: String] {
    var servers: [String: String] = [:]
    for key in Self.keys {
      servers[key] = try await CallHash.with(key) { try await client.callEmpty() }
    }
    return servers
  }

  @Test("sends calls with the same key to the same server, and moves few when servers come and go")
  func keepsTogether() async throws {
    let config = try ClientServiceConfig(json: Self.json)
    try await withServers(4) { servers in
      let source = ManualSource()
      source.set(servers.map(\.endpoint))
      try await withBalancedClient(of: source, serviceConfig: config) { client, transport in
        try await transport.waitUntilReady(4)
        let first = try await serversByKey(client)
        #expect(try await serversByKey(client) == first)
        #expect(Set(first.values).count > 1)

        source.set(servers.dropFirst().map(\.endpoint))
        await expectEventually("the server has left") { transport.endpoints.count == 3 }
        let without = try await serversByKey(client)
        // The ring's size stays, so the others get more places on it, and some keys of each other.
        let others = first.filter { $0.value != servers[0].name }
        let stayed = others.count { without[$0.key] == $0.value }
        #expect(stayed > others.count / 2)
        #expect(!without.values.contains(servers[0].name))

        source.set(servers.map(\.endpoint))
        try await transport.waitUntilReady(4)
        #expect(try await serversByKey(client) == first)
      }
    }
  }

  @Test("takes the key to child tasks, and calls without one go anywhere")
  func reachesChildTasks() async throws {
    let config = try ClientServiceConfig(json: Self.json)
    try await withServers(4) { servers in
      try await withBalancedClient(of: servers, serviceConfig: config) { client, transport in
        try await transport.waitUntilReady(4)
        let names = try await CallHash.with("a key") {
          try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<8 { group.addTask { try await client.callEmpty() } }
            return try await group.reduce(into: Set()) { $0.insert($1) }
          }
        }
        #expect(names.count == 1)
        var others = Set<String>()
        for _ in 0..<40 { others.insert(try await client.callEmpty()) }
        #expect(others.count > 1)
      }
    }
  }
}
