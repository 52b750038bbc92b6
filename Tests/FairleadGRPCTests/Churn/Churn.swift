import FairleadTestSupport

#if os(Linux)
  import FairleadBalancing
  import FairleadDiscovery
  import FairleadGRPC
  import GRPCCore
  import Testing

  /// A client whose four servers come and go.
  struct Churn {
    /// By how much the memory in use may grow from the first half of the rounds to the second: less
    /// than 400 bytes for each change of the endpoints, which is less than a connection, a task or
    /// a timer takes.
    static let tolerance = 2 << 20

    let servers: [TestServer]
    let source: ManualSource
    let transport: BalancedTransport
    let client: any Grpc_Testing_TestService.ClientProtocol

    /// Runs the rounds, and expects that connections, endpoints and memory are at their end what they
    /// were at their start; and that the transport ends, and is gone.
    static func run(
      rounds: Int, round: (Churn, Int) async throws -> Void
    ) async throws {
      weak var ended: BalancedTransport?
      try await withServers(4) { servers in
        let source = ManualSource()
        source.set(servers.map(\.endpoint))
        try await withBalancedClient(of: source) { client, transport in
          ended = transport
          let churn = Churn(servers: servers, source: source, transport: transport, client: client)
          try await churn.rest()
          for number in 0..<rounds / 2 { try await round(churn, number) }
          try await churn.rest()
          let before = Memory.inUse
          for number in rounds / 2..<rounds { try await round(churn, number) }
          try await churn.rest()
          #expect(Memory.inUse - before < tolerance)
        }
        await expectEventually("all connections are closed") {
          servers.allSatisfy { $0.record.connected == 0 }
        }
      }
      await expectEventually("nothing keeps the transport") { ended == nil }
    }

    /// Another set of servers, one of them at least.
    func flip(_ number: UInt64) {
      let bits = XXHash64.hash("\(number)") % 15 + 1
      source.set(
        servers.enumerated().filter { bits >> $0.offset & 1 == 1 }.map(\.element.endpoint))
    }

    /// Returns when a call was served by the servers as they are now.
    func settle() async throws {
      _ = try await client.callEmpty()
    }

    /// Returns when a server has told its connection to go away, and has a new one.
    func goAway(_ server: TestServer) async throws {
      let accepted = server.record.accepted
      server.quiesceConnections()
      await expectEventually("the server is connected again") {
        server.record.accepted > accepted
      }
      _ = try await client.callEmpty()
    }

    /// All servers are there, each by one connection, without any call.
    private func rest() async throws {
      source.set(servers.map(\.endpoint))
      try await transport.waitUntilReady(servers.count)
      await expectEventually("there is one connection to each server") {
        servers.allSatisfy { $0.record.connected == 1 }
      }
      #expect(transport.endpoints.map(\.connections) == [1, 1, 1, 1])
      #expect(transport.active == 0)
    }
  }
#endif
