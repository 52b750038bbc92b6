import FairleadGRPC
import FairleadTestSupport
import GRPCCore
import Testing

@Suite("Load reports out of band (gRFC A51)")
struct LoadWatchTests {
  private static let json = """
    {"loadBalancingConfig": [{"weighted_round_robin": {
      "enableOobLoadReport": true, "oobReportingPeriod": "0.1s",
      "blackoutPeriod": "0s", "weightUpdatePeriod": "0.1s"}}]}
    """

  @Test("give each server its share, and a server that begins anew is asked anew")
  func followsReports() async throws {
    let config = try ClientServiceConfig(json: Self.json)
    // 100, 200 and 300 requests per second for each unit of utilization.
    let loads = [50, 100, 150].map { ScriptedLoad(requestsPerSecond: $0, utilization: 0.5) }
    let configuration = ServerConfiguration(
      services: { name in loads.indices.filter { name == "server-\($0)" }.map { loads[$0] } })
    try await withServers(3, configuration) { servers in
      try await withBalancedClient(of: servers, serviceConfig: config) { client, transport in
        try await transport.waitUntilReady(3)
        try await expectEventually("the shares are as reported") {
          let calls = try await servers.calls {
            for _ in 0..<60 { _ = try await client.callEmpty() }
          }
          return zip(calls, [10, 20, 30]).allSatisfy { abs($0 - $1) <= 1 }
        }
        #expect(
          loads.map(\.periods) == [
            [.milliseconds(100)], [.milliseconds(100)], [.milliseconds(100)],
          ])
        loads[2].end()
        await expectEventually("the report is asked for again") { loads[2].periods.count == 2 }
        #expect(transport.active == 0, "the streams of reports are no calls")
      }
    }
  }

  @Test("are not asked for again where a server has none")
  func acceptsNone() async throws {
    let config = try ClientServiceConfig(json: Self.json)
    try await withServers(2) { servers in
      try await withBalancedClient(of: servers, serviceConfig: config) { client, transport in
        try await transport.waitUntilReady(2)
        for _ in 0..<20 { _ = try await client.callEmpty() }
        #expect(servers.map(\.calls) == [10, 10])
      }
    }
  }
}
