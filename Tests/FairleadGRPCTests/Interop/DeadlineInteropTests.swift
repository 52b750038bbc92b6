import FairleadTestSupport
import GRPCCore
import Testing

extension InteropTests {
  @Suite("Deadlines and cancellation")
  struct Deadline {
    private static func within(_ timeout: Duration) -> CallOptions {
      var options = CallOptions.defaults
      options.timeout = timeout
      return options
    }

    /// Returns never, and throws when the task is cancelled. A request that merely ended would reach the
    /// server as a complete one.
    private static func forever() async throws {
      await Gate().wait()
      try Task.checkCancellation()
    }

    @Test("timeout_on_sleeping_server", arguments: TransportKind.allCases)
    func timeoutOnSleepingServer(over transport: TransportKind) async throws {
      try await withServers { servers in
        servers[0].behaviour.gate = Gate()
        try await transport.withClient(of: servers[0]) { client in
          let error = await failure {
            try await client.test.fullDuplexCall(options: Self.within(.milliseconds(1))) { writer in
              try await writer.write(.with { $0.payload = .zeroes(27_182) })
            } onResponse: {
              try await $0.sizes()
            }
          }
          #expect(error?.code == .deadlineExceeded)
        }
      }
    }

    @Test("a deadline ends a call on the server, too", arguments: TransportKind.allCases)
    func deadlineOnServer(over transport: TransportKind) async throws {
      try await withServers { servers in
        try await transport.withClient(of: servers[0]) { client in
          // Connected, so that the call is there in time.
          _ = try await client.test.callEmpty()
          servers[0].behaviour.gate = Gate()
          let error = await failure {
            try await client.test.callEmpty(options: Self.within(.seconds(1)))
          }
          #expect(error?.code == .deadlineExceeded)
          await expectEventually("the call is over") { servers[0].record.running == 0 }
          #expect(servers[0].record.failed == 1)
          let timeouts = servers[0].record.calls.last?.metadata[stringValues: "grpc-timeout"]
          #expect(timeouts.map { Array($0).count } == 1)
        }
      }
    }

    @Test("a deadline that is over before the call fails it", arguments: TransportKind.allCases)
    func noTime(over transport: TransportKind) async throws {
      try await withServers { servers in
        try await transport.withClient(of: servers[0]) { client in
          // A client whose body ends before it runs fails with an error of its own.
          _ = try await client.test.callEmpty()
          servers[0].behaviour.gate = Gate()
          let error = await failure {
            try await client.test.callEmpty(options: Self.within(.zero))
          }
          #expect(error?.code == .deadlineExceeded)
        }
      }
    }

    @Test("a deadline in the service config holds", arguments: TransportKind.allCases)
    func configuredTimeout(over transport: TransportKind) async throws {
      let settings = InteropSettings.methods { $0.timeout = .milliseconds(50) }
      try await withServers { servers in
        servers[0].behaviour.gate = Gate()
        try await transport.withClient(of: servers[0], settings) { client in
          let error = await failure { try await client.test.callEmpty() }
          #expect(error?.code == .deadlineExceeded)
        }
      }
    }

    @Test("cancel_after_begin", arguments: TransportKind.allCases)
    func cancelAfterBegin(over transport: TransportKind) async throws {
      try await withServers { servers in
        // What is left of the request may look complete: only giving the call up ends it here.
        servers[0].behaviour.trailersGate = Gate()
        try await transport.withClient(of: servers[0]) { client in
          await withTaskGroup(of: Void.self) { group in
            group.addTask {
              await expectCancellation {
                try await client.test.streamingInputCall { _ in try await Self.forever() }
              }
            }
            await expectEventually("the call is there") { servers[0].record.running == 1 }
            group.cancelAll()
          }
          await expectEventually("the call is over") { servers[0].record.running == 0 }
          #expect(servers[0].record.failed == 1)
          servers[0].behaviour.trailersGate = nil
          _ = try await client.test.callEmpty()
        }
      }
    }

    @Test("cancel_after_first_response", arguments: TransportKind.allCases)
    func cancelAfterFirstResponse(over transport: TransportKind) async throws {
      try await withServers { servers in
        // What is left of the request may look complete: only giving the call up ends it here.
        servers[0].behaviour.trailersGate = Gate()
        try await transport.withClient(of: servers[0]) { client in
          let received = Gate()
          await withTaskGroup(of: Void.self) { group in
            group.addTask {
              await expectCancellation {
                try await client.test.fullDuplexCall { writer in
                  try await writer.write(.asking(for: [31_415]))
                  try await Self.forever()
                } onResponse: { response in
                  for try await _ in response.messages { received.open() }
                }
              }
            }
            await received.wait()
            group.cancelAll()
          }
          await expectEventually("the call is over") { servers[0].record.running == 0 }
          #expect(servers[0].record.failed == 1)
          servers[0].behaviour.trailersGate = nil
          _ = try await client.test.callEmpty()
        }
      }
    }

    @Test("a caller that has heard enough ends the call", arguments: TransportKind.allCases)
    func earlyReturn(over transport: TransportKind) async throws {
      try await withServers { servers in
        // What is left of the request may look complete: only giving the call up ends it here.
        servers[0].behaviour.trailersGate = Gate()
        try await transport.withClient(of: servers[0]) { client in
          let size = try await client.test.fullDuplexCall { writer in
            try await writer.write(.asking(for: [7, 8, 9]))
            try await Self.forever()
          } onResponse: { response in
            try await response.messages.first { _ in true }?.payload.body.count
          }
          #expect(size == 7)
          await expectEventually("the call is over") { servers[0].record.running == 0 }
          #expect(servers[0].record.failed == 1)
        }
      }
    }
  }
}
