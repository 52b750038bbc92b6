import FairleadBalancing
import FairleadDiscovery
import FairleadGRPC
import FairleadTestSupport
import GRPCCore
import Logging
import Testing

@Suite("What a log at level debug says")
struct ChannelLogTests {
  private let lines = Noted<String>()

  private var logger: Logger {
    Logger(label: "test") { _ in NotedLog(lines: lines) }
  }

  /// Whether something was logged that holds all these words.
  private func says(_ words: String...) -> Bool {
    lines.all.contains { line in
      line.hasPrefix("debug") && words.allSatisfy { line.contains($0) }
    }
  }

  @Test("why a call waits, and when its endpoint is there")
  func waits() async throws {
    let source = ManualSource()
    try await withServers(1) { servers in
      try await withBalancedClient(of: source, logger: logger) { client, _ in
        async let call = client.callEmpty()
        await expectEventually("it says why the call waits") {
          says("A call waits", "the target is being resolved", "test:///servers")
            || says("A call waits", "the transport does not run yet", "test:///servers")
        }
        source.set(servers.map(\.endpoint))
        _ = try await call
        #expect(says("Resolved", "1"))
        #expect(says("Connecting", servers[0].address))
        #expect(says("Connected", servers[0].address))
      }
    }
  }

  @Test("why a call failed before it was sent, and why there is no connection")
  func fails() async throws {
    try await withServers(1, ServerConfiguration(isStarted: false)) { servers in
      try await withBalancedClient(of: servers, logger: logger) { client, _ in
        await #expect(throws: RPCError.self) { try await client.callEmpty() }
        #expect(says("A call failed before it was sent", "refused"))
        #expect(says("Not connected", servers[0].address, "refused"))
      }
    }
  }

  @Test("that a connection was lost, and that an endpoint has left the target")
  func leaves() async throws {
    let source = ManualSource()
    try await withServers(2) { servers in
      source.set(servers.map(\.endpoint))
      try await withBalancedClient(of: source, logger: logger) { _, transport in
        try await transport.waitUntilReady(2)
        servers[0].closeConnections()
        await expectEventually("the connection is lost") {
          says("Disconnected", servers[0].address)
        }
        source.set([servers[0].endpoint])
        await expectEventually("the other one has left") {
          says("Left the target", servers[1].address)
        }
      }
    }
  }

  @Test("who was ejected, and who was not though it failed as much")
  func outliers() async throws {
    let detection = OutlierDetection(
      interval: .seconds(3600), maxEjectionPercent: 50, consecutiveFailures: 1)
    let config = ClientServiceConfig(
      balancing: BalancingConfiguration(policy: RoundRobinPolicy(), outlierDetection: detection))
    try await withServers(2) { servers in
      for server in servers { server.behaviour.failure = ServerFailure(.unavailable) }
      try await withBalancedClient(of: servers, serviceConfig: config, logger: logger) {
        client, transport in
        try await transport.waitUntilReady(2)
        for _ in 0..<2 { _ = try? await client.callEmpty() }
        let ejected = transport.endpoints.map(\.isEjected)
        let first = ejected.first == true ? 0 : 1
        #expect(ejected.count { $0 } == 1)
        #expect(says("Ejected", servers[first].address, "consecutive_failures"))
        #expect(says("Not ejected", servers[1 - first].address, "max_ejection_overflow"))
      }
    }
  }
}
