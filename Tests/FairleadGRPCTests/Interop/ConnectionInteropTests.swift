import FairleadTestSupport
import GRPCCore
import Testing

extension InteropTests {
  @Suite("Connections that come, wait and go")
  struct Connection {
    private static let down = ServerConfiguration(isStarted: false)

    private static func waiting(_ timeout: Duration? = nil) -> CallOptions {
      var options = CallOptions.defaults
      options.waitForReady = true
      options.timeout = timeout
      return options
    }

    @Test("a call fails when nobody listens", arguments: TransportKind.allCases)
    func refused(over transport: TransportKind) async throws {
      try await withServers(1, Self.down) { servers in
        try await transport.withClient(of: servers[0]) { client in
          let error = await failure { try await client.test.callEmpty() }
          #expect(error?.code == .unavailable)
        }
      }
    }

    @Test(
      "a call that waits for readiness is made when the server is up",
      arguments: TransportKind.allCases)
    func waitForReady(over transport: TransportKind) async throws {
      try await withServers(1, Self.down) { servers in
        try await transport.withClient(of: servers[0]) { client in
          // Before and after the transport knows that nobody listens.
          async let early = client.test.callEmpty(options: Self.waiting())
          let error = await failure { try await client.test.callEmpty() }
          #expect(error?.code == .unavailable)
          async let late = client.test.callEmpty(options: Self.waiting())
          try await servers[0].start()
          let names = try await [early, late]
          #expect(names == ["server-0", "server-0"])
        }
      }
    }

    @Test("waiting for readiness can be the service config's", arguments: TransportKind.allCases)
    func configuredWaitForReady(over transport: TransportKind) async throws {
      try await withServers(1, Self.down) { servers in
        let settings = InteropSettings.methods { $0.waitForReady = true }
        try await transport.withClient(of: servers[0], settings) { client in
          var options = CallOptions.defaults
          options.waitForReady = false
          let error = await failure { try await client.test.callEmpty(options: options) }
          #expect(error?.code == .unavailable)
          async let name = client.test.callEmpty()
          try await servers[0].start()
          #expect(try await name == "server-0")
        }
      }
    }

    @Test("a deadline ends the wait for a connection", arguments: TransportKind.allCases)
    func deadlineWhileWaiting(over transport: TransportKind) async throws {
      try await withServers(1, Self.down) { servers in
        try await transport.withClient(of: servers[0]) { client in
          let error = await failure {
            try await client.test.callEmpty(options: Self.waiting(.milliseconds(50)))
          }
          #expect(error?.code == .deadlineExceeded)
        }
      }
    }

    @Test("cancellation ends the wait for a connection", arguments: TransportKind.allCases)
    func cancelWhileWaiting(over transport: TransportKind) async throws {
      try await withServers(1, Self.down) { servers in
        try await transport.withClient(of: servers[0]) { client in
          await withTaskGroup(of: Void.self) { group in
            group.addTask {
              await expectCancellation {
                try await client.test.callEmpty(options: Self.waiting())
              }
            }
            _ = await failure { try await client.test.callEmpty() }
            group.cancelAll()
          }
        }
      }
    }

    @Test("500 calls at once", arguments: TransportKind.allCases)
    func concurrentCalls(over transport: TransportKind) async throws {
      try await withServers { servers in
        try await transport.withClient(of: servers[0]) { client in
          try await withThrowingTaskGroup(of: Int.self) { group in
            for size in 0..<500 {
              group.addTask {
                let response = try await client.test.unaryCall(
                  .with { $0.responseSize = Int32(size) })
                return response.payload.body.count
              }
            }
            let sizes = try await group.reduce(into: Set()) { $0.insert($1) }
            #expect(sizes == Set(0..<500))
          }
        }
        #expect(servers[0].calls == 500)
      }
    }

    @Test("more calls than the server allows streams all end", arguments: TransportKind.allCases)
    func fewStreams(over transport: TransportKind) async throws {
      try await withServers(1, .transport { $0.http2.maxConcurrentStreams = 2 }) { servers in
        try await transport.withClient(of: servers[0]) { client in
          try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<50 { group.addTask { _ = try await client.test.callEmpty() } }
            try await group.waitForAll()
          }
        }
        #expect(servers[0].calls == 50)
      }
    }

    @Test("a graceful shutdown lets running calls end", arguments: TransportKind.allCases)
    func gracefulShutdown(over transport: TransportKind) async throws {
      try await withServers { servers in
        let gate = Gate()
        servers[0].behaviour.gate = gate
        try await transport.withClient(of: servers[0]) { client in
          try await withThrowingTaskGroup(of: [Int].self) { group in
            for _ in 0..<3 {
              group.addTask {
                try await client.test.fullDuplexCall { writer in
                  try await writer.write(.asking(for: [1, 2]))
                } onResponse: {
                  try await $0.sizes()
                }
              }
            }
            await expectEventually("the calls are there") { gate.waiting == 3 }
            client.beginGracefulShutdown()
            gate.open()
            for try await sizes in group { #expect(sizes == [1, 2]) }
          }
        }
        await expectEventually("the connection is closed") { servers[0].record.connected == 0 }
      }
    }

    @Test("there is no stream after a shutdown", arguments: TransportKind.allCases)
    func afterShutdown(over transport: TransportKind) async throws {
      try await withServers { servers in
        try await transport.withClient(of: servers[0]) { client in
          _ = try await client.test.callEmpty()
          client.beginGracefulShutdown()
          await #expect(throws: RuntimeError.self) { try await client.test.callEmpty() }
          await expectEventually("the connection is closed") {
            servers[0].record.connected == 0
          }
          let error = await failure { try await client.openStream() }
          #expect(error?.code == .unavailable)
        }
      }
    }

    @Test(
      "a connection that breaks fails its calls, and another one takes its place",
      arguments: TransportKind.allCases)
    func brokenConnection(over transport: TransportKind) async throws {
      try await withServers { servers in
        let gate = Gate()
        servers[0].behaviour.gate = gate
        try await transport.withClient(of: servers[0]) { client in
          async let broken = failure { try await client.test.callEmpty() }
          await expectEventually("the call is there") { gate.waiting == 1 }
          servers[0].closeConnections()
          let error = await broken
          #expect(error?.code == .unavailable)
          gate.open()
          // A call may be sent on the old connection before the transport knows.
          await expectEventually("the next call gets another one") {
            let name = try? await client.test.callEmpty(options: Self.waiting())
            return name == "server-0"
          }
        }
      }
    }

    @Test("a connection that goes away lets its calls end", arguments: TransportKind.allCases)
    func goingAway(over transport: TransportKind) async throws {
      try await withServers { servers in
        let gate = Gate()
        servers[0].behaviour.gate = gate
        try await transport.withClient(of: servers[0]) { client in
          async let held = client.test.callEmpty()
          await expectEventually("the call is there") { gate.waiting == 1 }
          servers[0].quiesceConnections()
          gate.open()
          let name = try await held
          #expect(name == "server-0")
        }
        await expectEventually("it is closed") { servers[0].record.connected == 0 }
      }
    }

    @Test("calls go on over connections that go away", arguments: TransportKind.reconnecting)
    func reconnecting(over transport: TransportKind) async throws {
      try await withServers { servers in
        try await transport.withClient(of: servers[0]) { client in
          for round in 1...5 {
            try await expectEventually("connection \(round) takes calls") {
              let name = try await client.test.callEmpty(options: Self.waiting())
              #expect(name == "server-0")
              return servers[0].record.accepted == round
            }
            servers[0].quiesceConnections()
          }
        }
      }
    }

    @Test("a server that comes back gets calls again", arguments: TransportKind.allCases)
    func restart(over transport: TransportKind) async throws {
      try await withServers { servers in
        try await transport.withClient(of: servers[0]) { client in
          for _ in 0..<3 {
            await expectEventually("it gets a call") {
              let name = try? await client.test.callEmpty(options: Self.waiting())
              return name == "server-0"
            }
            await servers[0].stop()
            try await servers[0].start()
          }
        }
        #expect(servers[0].calls >= 3)
      }
    }
  }
}
