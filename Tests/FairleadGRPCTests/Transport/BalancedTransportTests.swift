import FairleadBalancing
import FairleadDiscovery
import FairleadGRPC
import FairleadTestSupport
import GRPCCore
import Testing

@Suite("A balanced transport")
struct BalancedTransportTests {
  @Test("gives each of three endpoints a third of the calls")
  func spreads() async throws {
    try await withServers(3) { servers in
      try await withBalancedClient(of: servers) { client, transport in
        await expectEventually("all are connected") {
          transport.endpoints.allSatisfy { $0.state == .ready } && transport.endpoints.count == 3
        }
        for _ in 0..<99 { _ = try await client.callEmpty() }
        #expect(servers.map(\.calls) == [33, 33, 33])
        #expect(transport.endpoints.map(\.total) == [33, 33, 33])
        #expect(transport.endpoints.map(\.active) == [0, 0, 0])
        #expect(transport.endpoints.allSatisfy { $0.state == .ready && $0.connections == 1 })
      }
    }
  }

  @Test("serves the 101st call at once, over a second connection")
  func growsBeyondTheStreamLimit() async throws {
    try await withServers(1, .transport { $0.http2.maxConcurrentStreams = 100 }) { servers in
      let server = servers[0]
      let gate = Gate()
      server.behaviour.gate = gate
      try await withBalancedClient(of: servers) { client, transport in
        try await withThrowingTaskGroup(of: Void.self) { group in
          for _ in 0..<101 {
            group.addTask { _ = try await client.callEmpty() }
          }
          await expectEventually("the 101st call is served") { gate.waiting == 101 }
          #expect(server.record.connected == 2)
          #expect(transport.endpoints.first?.connections == 2)
          gate.open()
          try await group.waitForAll()
        }
      }
    }
  }

  @Test("opens no more connections than it may; further calls wait for a stream")
  func boundsConnections() async throws {
    try await withServers(1, .transport { $0.http2.maxConcurrentStreams = 10 }) { servers in
      let server = servers[0]
      let gate = Gate()
      server.behaviour.gate = gate
      var configuration = BalancedTransport.Configuration()
      configuration.maximumConnectionsPerEndpoint = 3
      try await withBalancedClient(of: servers, configuration) { client, _ in
        try await withThrowingTaskGroup(of: Void.self) { group in
          for _ in 0..<50 {
            group.addTask { _ = try await client.callEmpty() }
          }
          await expectEventually("30 calls are served") { gate.waiting == 30 }
          #expect(server.record.connected == 3)
          gate.open()
          try await group.waitForAll()
        }
        #expect(server.calls == 50)
        #expect(server.record.connected == 3)
      }
    }
  }

  // More calls at a time would show a fault of grpc-swift's servers: from their GOAWAY on they refuse new
  // streams, and close the connection over what follows on these, with the calls that still run.
  @Test("fails no call while every server goes away and comes back")
  func survivesGracefulRestarts() async throws {
    try await withServers(3) { servers in
      try await withBalancedClient(of: servers) { client, _ in
        try await withCalls(client, tasks: 1) {
          for server in servers + servers + servers {
            server.beginGracefulShutdown()
            await server.waitUntilDown()
            let before = server.calls
            try await server.start()
            await expectEventually("the server has calls again") { server.calls > before }
          }
        }
      }
    }
  }

  @Test("fails no call of many while every server leaves the target, goes away and comes back")
  func survivesRollingRestart() async throws {
    try await withServers(3) { servers in
      let source = ManualSource()
      source.set(servers.map(\.endpoint))
      try await withBalancedClient(of: source) { client, transport in
        try await withCalls(client, tasks: 8) {
          for server in servers + servers + servers {
            source.set(servers.filter { $0 !== server }.map(\.endpoint))
            await expectEventually("the server has no calls any more") {
              server.record.connected == 0
            }
            await server.stop()
            let before = server.calls
            try await server.start()
            source.set(servers.map(\.endpoint))
            await expectEventually("the server has calls again") { server.calls > before }
          }
        }
      }
    }
  }
}

/// Makes calls while `body` runs; fails if one of them does.
private func withCalls(
  _ client: any Grpc_Testing_TestService.ClientProtocol, tasks: Int,
  while body: () async throws -> Void
) async throws {
  let end = Gate()
  try await withThrowingTaskGroup(of: Int.self) { group in
    for _ in 0..<tasks {
      group.addTask {
        var calls = 0
        while !end.isOpen {
          _ = try await client.callEmpty()
          calls += 1
        }
        return calls
      }
    }
    try await body()
    end.open()
    for try await calls in group { #expect(calls > 0) }
  }
}
