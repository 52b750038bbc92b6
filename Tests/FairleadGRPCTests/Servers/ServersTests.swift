import FairleadTestSupport
import GRPCCore
import GRPCNIOTransportHTTP2Posix
import Testing

@Suite("Test servers")
struct ServersTests {
  typealias Client = Grpc_Testing_TestService.Client<HTTP2ClientTransport.Posix>

  /// Runs `body` with a client of one server over the built-in transport.
  private func withClient(
    of server: TestServer, body: (Client) async throws -> Void
  ) async throws {
    let transport = try HTTP2ClientTransport.Posix(
      target: .ipv4(address: "127.0.0.1", port: server.port),
      transportSecurity: .plaintext
    )
    try await withGRPCClient(transport: transport) { try await body(Client(wrapping: $0)) }
  }

  private func name(from client: Client) async throws -> String {
    try await client.emptyCall(request: ClientRequest(message: Grpc_Testing_Empty())) { response in
      Array(response.metadata[stringValues: TestServer.nameKey]).joined(separator: " ")
    }
  }

  @Test("each names itself and counts its calls")
  func names() async throws {
    try await withServers(2) { servers in
      for server in servers {
        try await self.withClient(of: server) { client in
          let name = try await self.name(from: client)
          #expect(name == server.name)
        }
      }
      #expect(servers.map(\.calls) == [1, 1])
      #expect(servers.map(\.record.running) == [0, 0])
      #expect(servers[0].record.calls.first?.method == "grpc.testing.TestService/EmptyCall")
      await expectEventually("the connections are closed") {
        servers.allSatisfy { $0.record.connected == 0 }
      }
    }
  }

  @Test(
    "one fails as many calls as it is told",
    arguments: [ServerFailure.Place.trailersOnly, .afterMetadata, .afterMessages])
  func failures(place: ServerFailure.Place) async throws {
    try await withServers { servers in
      servers[0].behaviour.failure = ServerFailure(.dataLoss, "told to", place: place)
      servers[0].behaviour.failuresLeft = 1
      try await self.withClient(of: servers[0]) { client in
        let error = await #expect(throws: RPCError.self) {
          try await client.emptyCall(Grpc_Testing_Empty())
        }
        #expect(error?.code == .dataLoss)
        #expect(error?.message == "told to")
        #expect(
          error?.metadata.first { $0.key == TestServer.nameKey }?.value == .string("server-0"))
        let name = try await self.name(from: client)
        #expect(name == "server-0")
      }
    }
  }

  @Test("one that is closed and opened again keeps its port")
  func restart() async throws {
    try await withServers(1, ServerConfiguration(isStarted: false)) { servers in
      let port = servers[0].port
      for _ in 0..<2 {
        try await servers[0].start()
        #expect(servers[0].port == port)
        try await self.withClient(of: servers[0]) { client in
          let name = try await self.name(from: client)
          #expect(name == "server-0")
        }
        await servers[0].stop()
        #expect(!servers[0].isUp)
      }
      #expect(servers[0].calls == 2)
    }
  }

  @Test("a call that is held ends when its client gives it up")
  func cancellation() async throws {
    try await withServers { servers in
      let gate = Gate()
      servers[0].behaviour.gate = gate
      try await self.withClient(of: servers[0]) { client in
        await withTaskGroup(of: Void.self) { group in
          group.addTask { _ = try? await client.emptyCall(Grpc_Testing_Empty()) }
          await expectEventually("the call is held") { gate.waiting == 1 }
          group.cancelAll()
        }
        await expectEventually("the call is over") { servers[0].record.running == 0 }
      }
      #expect(servers[0].record.failed == 1)
    }
  }

  @Test("a graceful shutdown lets a held call end")
  func gracefulShutdown() async throws {
    try await withServers { servers in
      let gate = Gate()
      servers[0].behaviour.gate = gate
      try await self.withClient(of: servers[0]) { client in
        try await withThrowingTaskGroup(of: String.self) { group in
          group.addTask { try await self.name(from: client) }
          await expectEventually("the call is held") { gate.waiting == 1 }
          servers[0].beginGracefulShutdown()
          gate.open()
          let name = try await group.next()
          #expect(name == "server-0")
        }
        await servers[0].waitUntilDown()
      }
    }
  }
}
