import FairleadTestSupport
import GRPCCore
import Testing

extension InteropTests {
  @Suite("Retries, hedging and throttling")
  struct Retry {
    private static func retrying(_ attempts: Int) -> InteropSettings {
      .methods {
        $0.executionPolicy = .retry(
          RetryPolicy(
            maxAttempts: attempts, initialBackoff: .milliseconds(1), maxBackoff: .milliseconds(2),
            backoffMultiplier: 1.5, retryableStatusCodes: [.unavailable, .aborted]))
      }
    }

    private static func hedging(_ attempts: Int, delay: Duration) -> InteropSettings {
      .methods {
        $0.executionPolicy = .hedge(
          HedgingPolicy(
            maxAttempts: attempts, hedgingDelay: delay, nonFatalStatusCodes: [.unavailable]))
      }
    }

    @Test("a call is tried again until it succeeds", arguments: TransportKind.allCases)
    func retry(over transport: TransportKind) async throws {
      try await withServers { servers in
        servers[0].behaviour.failure = ServerFailure(.unavailable)
        servers[0].behaviour.failuresLeft = 2
        try await transport.withClient(of: servers[0], Self.retrying(4)) { client in
          let request = Grpc_Testing_SimpleRequest.with { $0.payload = .zeroes(10_000) }
          // grpc-swift tells the caller, though not the server.
          let previous = try await client.test.unaryCall(request) { response in
            _ = try response.message
            return Array(response.metadata[stringValues: "grpc-previous-rpc-attempts"])
          }
          #expect(previous == ["2"])
        }
        #expect(servers[0].calls == 3)
      }
    }

    @Test("a stream of requests is played again", arguments: TransportKind.allCases)
    func retryOfStream(over transport: TransportKind) async throws {
      try await withServers { servers in
        servers[0].behaviour.failure = ServerFailure(.aborted)
        servers[0].behaviour.failuresLeft = 1
        try await transport.withClient(of: servers[0], Self.retrying(2)) { client in
          let response = try await client.test.streamingInputCall { writer in
            for size in 1...4 { try await writer.write(.with { $0.payload = .zeroes(size) }) }
          }
          #expect(response.aggregatedPayloadSize == 10)
        }
        #expect(servers[0].calls == 2)
      }
    }

    @Test("no more attempts are made than allowed", arguments: TransportKind.allCases)
    func maxAttempts(over transport: TransportKind) async throws {
      try await withServers { servers in
        servers[0].behaviour.failure = ServerFailure(.unavailable, "still down")
        try await transport.withClient(of: servers[0], Self.retrying(3)) { client in
          let error = await failure { try await client.test.callEmpty() }
          #expect(error?.code == .unavailable)
          #expect(error?.message == "still down")
        }
        #expect(servers[0].calls == 3)
      }
    }

    @Test("other codes are not tried again", arguments: TransportKind.allCases)
    func fatalCode(over transport: TransportKind) async throws {
      try await withServers { servers in
        servers[0].behaviour.failure = ServerFailure(.invalidArgument)
        try await transport.withClient(of: servers[0], Self.retrying(3)) { client in
          let error = await failure { try await client.test.callEmpty() }
          #expect(error?.code == .invalidArgument)
        }
        #expect(servers[0].calls == 1)
      }
    }

    @Test("a call whose response has begun is not tried again", arguments: TransportKind.allCases)
    func committed(over transport: TransportKind) async throws {
      try await withServers { servers in
        servers[0].behaviour.failure = ServerFailure(.unavailable, place: .afterMetadata)
        try await transport.withClient(of: servers[0], Self.retrying(3)) { client in
          let error = await failure { try await client.test.callEmpty() }
          #expect(error?.code == .unavailable)
        }
        #expect(servers[0].calls == 1)
      }
    }

    @Test("a server can push retries back", arguments: TransportKind.allCases)
    func pushback(over transport: TransportKind) async throws {
      try await withServers { servers in
        servers[0].behaviour.failure = ServerFailure(.unavailable)
        servers[0].behaviour.trailingMetadata = ["grpc-retry-pushback-ms": "-1"]
        try await transport.withClient(of: servers[0], Self.retrying(3)) { client in
          let error = await failure { try await client.test.callEmpty() }
          #expect(error?.code == .unavailable)
        }
        #expect(servers[0].calls == 1)
      }
    }

    @Test("retries are throttled when too many calls fail", arguments: TransportKind.allCases)
    func throttling(over transport: TransportKind) async throws {
      var settings = Self.retrying(5)
      settings.retryThrottling = try ServiceConfig.RetryThrottling(maxTokens: 4, tokenRatio: 0.1)
      try await withServers { servers in
        servers[0].behaviour.failure = ServerFailure(.unavailable)
        try await transport.withClient(of: servers[0], settings) { client in
          // Four tokens: the second failure leaves two, which is half and not enough for another attempt.
          _ = await failure { try await client.test.callEmpty() }
          #expect(servers[0].calls == 2)
          _ = await failure { try await client.test.callEmpty() }
          #expect(servers[0].calls == 3)
        }
      }
    }

    @Test(
      "a hedged call takes the first answer and gives the others up",
      arguments: TransportKind.allCases)
    func hedging(over transport: TransportKind) async throws {
      try await withServers { servers in
        servers[0].behaviour.gate = Gate()
        servers[0].behaviour.gatesLeft = 1
        let settings = Self.hedging(2, delay: .milliseconds(10))
        try await transport.withClient(of: servers[0], settings) { client in
          let name = try await client.test.callEmpty()
          #expect(name == "server-0")
          await expectEventually("the slow one is over") { servers[0].record.running == 0 }
        }
        #expect(servers[0].calls == 2)
        #expect(servers[0].record.failed == 1)
      }
    }

    @Test(
      "a hedged call goes on after a failure that is not fatal", arguments: TransportKind.allCases)
    func hedgingAfterFailure(over transport: TransportKind) async throws {
      try await withServers { servers in
        servers[0].behaviour.failure = ServerFailure(.unavailable)
        servers[0].behaviour.failuresLeft = 1
        let settings = Self.hedging(2, delay: .seconds(3_600))
        try await transport.withClient(of: servers[0], settings) { client in
          let name = try await client.test.callEmpty()
          #expect(name == "server-0")
        }
        #expect(servers[0].calls == 2)
      }
    }

    @Test("a fatal failure ends a hedged call", arguments: TransportKind.allCases)
    func fatalFailureOfHedge(over transport: TransportKind) async throws {
      try await withServers { servers in
        servers[0].behaviour.failure = ServerFailure(.permissionDenied)
        let settings = Self.hedging(3, delay: .seconds(3_600))
        try await transport.withClient(of: servers[0], settings) { client in
          let error = await failure { try await client.test.callEmpty() }
          #expect(error?.code == .permissionDenied)
        }
        #expect(servers[0].calls == 1)
      }
    }
  }
}
