import FairleadBalancing
import FairleadDiscovery
import FairleadGRPC
import FairleadTestSupport
import GRPCCore
import GRPCNIOTransportHTTP2Posix
import Testing

@Suite("grpc-swift's own transport with Fairlead's resolvers")
struct BuiltInTransportTests {
  private typealias Client = Grpc_Testing_TestService.Client<HTTP2ClientTransport.Posix>

  private let source = WatchedSource()

  private func transport(
    _ target: String, repeating interval: Duration = .seconds(3600)
  ) throws -> HTTP2ClientTransport.Posix {
    var resolvers = NameResolverRegistry.defaults
    resolvers.registerFactory(
      NameResolvers.Fairlead(
        registry: source.registry, options: DiscoveryOptions(seed: 1), repeatInterval: interval))
    return try HTTP2ClientTransport.Posix(
      target: .fairlead(target), transportSecurity: .plaintext, resolverRegistry: resolvers,
      serviceConfig: ServiceConfig(loadBalancingConfig: [.roundRobin]))
  }

  private func withClient(
    repeating interval: Duration = .seconds(3600), body: (Client) async throws -> Void
  ) async throws {
    let transport = try transport("watched:///greeter", repeating: interval)
    try await withGRPCClient(transport: transport) { try await body(Client(wrapping: $0)) }
  }

  private func address(_ server: TestServer) -> EndpointAddress {
    .ip(host: "127.0.0.1", port: server.port)
  }

  /// The servers of so many calls, and how often each was called.
  private func tally(_ client: Client, calls: Int) async throws -> [String: Int] {
    var tally: [String: Int] = [:]
    for _ in 0..<calls {
      let name = try await client.emptyCall(
        request: ClientRequest(message: Grpc_Testing_Empty())
      ) { response in
        _ = try response.message
        return response.metadata[stringValues: TestServer.nameKey].first { _ in true } ?? ""
      }
      tally[name, default: 0] += 1
    }
    return tally
  }

  @Test("spreads calls evenly over three servers, and stops watching at its end")
  func spread() async throws {
    try await withServers(3) { servers in
      source.set(servers.map(address))
      try await withClient { client in
        try await expectEventually("all are connected") {
          try await tally(client, calls: 3).count == 3
        }
        let spread = try await tally(client, calls: 99)
        #expect(spread == ["server-0": 33, "server-1": 33, "server-2": 33])
        #expect(source.watchers == 1)
      }
      await expectEventually("nobody watches any more") { source.watchers == 0 }
    }
  }

  @Test("follows endpoints that come and go")
  func changes() async throws {
    try await withServers(3) { servers in
      source.set([address(servers[0]), address(servers[1])])
      try await withClient { client in
        try await expectEventually("two get calls") {
          try await tally(client, calls: 20).count == 2
        }
        #expect(servers[2].calls == 0)
        source.set(servers.map(address))
        try await expectEventually("the third gets calls") {
          try await tally(client, calls: 3).keys.contains("server-2")
        }
        source.set([address(servers[1]), address(servers[2])])
        await expectEventually("the first gets none") {
          // A call that races with the end of a connection fails in this transport.
          (try? await tally(client, calls: 20)) == ["server-1": 10, "server-2": 10]
        }
      }
    }
  }

  @Test("gets an endpoint back whose server said GOAWAY")
  func goAway() async throws {
    try await withServers(2) { servers in
      source.set(servers.map(address))
      try await withClient(repeating: .milliseconds(20)) { client in
        try await expectEventually("both get calls") {
          try await tally(client, calls: 20).count == 2
        }
        servers[0].quiesceConnections()
        await expectEventually("the connection is closed, and another one made") {
          // A call that races with the GOAWAY is refused, and this transport does not repeat it.
          _ = try? await tally(client, calls: 1)
          return servers[0].record.accepted == 2
        }
        await expectEventually("both get calls again") {
          (try? await tally(client, calls: 20)) == ["server-0": 10, "server-1": 10]
        }
      }
    }
  }

  @Test("loses such an endpoint if it is not told of it again: if it no longer does, stop telling")
  func lost() async throws {
    try await withServers(2) { servers in
      source.set(servers.map(address))
      try await withClient { client in
        try await expectEventually("both get calls") {
          try await tally(client, calls: 20).count == 2
        }
        servers[0].quiesceConnections()
        await expectEventually("the connection is closed") { servers[0].record.connected == 0 }
        await expectEventually("the other gets all calls") {
          (try? await tally(client, calls: 20)) == ["server-1": 20]
        }
        #expect(servers[0].record.accepted == 1)
      }
    }
  }

  @Test("fails a call with the reason when there is no endpoint")
  func nobody() async throws {
    source.set([])
    for (target, words) in [
      ("watched:///greeter", "has no endpoints"), ("nobody:///x", "there is no scheme"),
    ] {
      let client = GRPCClient(transport: try transport(target))
      try await withThrowingDiscardingTaskGroup { group in
        group.addTask { try await client.runConnections() }
        // Shut down gracefully, a client that never had an endpoint does not end (2.9.2).
        defer { group.cancelAll() }
        let error = await #expect(throws: RPCError.self) {
          try await tally(Client(wrapping: client), calls: 1)
        }
        #expect(error?.code == .unavailable)
        let text = error.map { "\($0) \(String(reflecting: $0.cause))" } ?? ""
        #expect(text.contains(words), "\(text)")
      }
    }
  }
}
