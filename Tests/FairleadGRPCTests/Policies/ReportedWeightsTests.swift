import FairleadGRPC
import FairleadTestSupport
import GRPCCore
import Testing

@Suite("weighted_round_robin")
struct ReportedWeightsTests {
  private static let json = """
    {"loadBalancingConfig": [{"weighted_round_robin": {
      "blackoutPeriod": "0s", "weightUpdatePeriod": "0.1s"}}]}
    """

  @Test("gives each server the share that its load reports in trailers speak for (gRFC A58)")
  func followsReports() async throws {
    let config = try ClientServiceConfig(json: Self.json)
    try await withServers(3) { servers in
      // 100, 200 and 300 requests per second for each unit of utilization.
      servers[0].behaviour.trailingMetadata = try loadReport(50, at: 0.5)
      servers[1].behaviour.trailingMetadata = try loadReport(50, at: 0.25)
      servers[2].behaviour.trailingMetadata = try loadReport(150, at: 0.5)
      try await withBalancedClient(of: servers, serviceConfig: config) { client, transport in
        try await transport.waitUntilReady(3)
        try await expectEventually("the shares are as reported") {
          let calls = try await servers.calls {
            for _ in 0..<60 { _ = try await client.callEmpty() }
          }
          return zip(calls, [10, 20, 30]).allSatisfy { abs($0 - $1) <= 1 }
        }
        // Another load, another share.
        servers[2].behaviour.trailingMetadata = try loadReport(50, at: 0.5)
        servers[1].behaviour.trailingMetadata = try loadReport(50, at: 0.5)
        try await expectEventually("the shares are equal") {
          let calls = try await servers.calls {
            for _ in 0..<60 { _ = try await client.callEmpty() }
          }
          return calls.allSatisfy { abs($0 - 20) <= 1 }
        }
      }
    }
  }

  @Test("passes over reports that cannot be read")
  func ignoresGarbage() async throws {
    let config = try ClientServiceConfig(json: Self.json)
    try await withServers(2) { servers in
      for server in servers {
        server.behaviour.trailingMetadata.addBinary(
          [0xFF, 0xFF, 0xFF], forKey: "endpoint-load-metrics-bin")
      }
      try await withBalancedClient(of: servers, serviceConfig: config) { client, transport in
        try await transport.waitUntilReady(2)
        for _ in 0..<20 { _ = try await client.callEmpty() }
        #expect(servers.map(\.calls) == [10, 10])
      }
    }
  }
}
