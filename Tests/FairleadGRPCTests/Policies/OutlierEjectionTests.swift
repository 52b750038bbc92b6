import FairleadBalancing
import FairleadGRPC
import FairleadTestSupport
import GRPCCore
import Testing

@Suite("Outlier detection over real servers (gRFC A50)")
struct OutlierEjectionTests {
  /// Looks often, and asks for no more than one failed call.
  private static func config(baseEjectionTime: String, percent: Int) throws -> ClientServiceConfig {
    try ClientServiceConfig(
      json: """
        {"loadBalancingConfig": [{"outlier_detection_experimental": {
          "interval": "0.05s", "baseEjectionTime": "\(baseEjectionTime)",
          "maxEjectionTime": "\(baseEjectionTime)", "maxEjectionPercent": \(percent),
          "failurePercentageEjection": {"threshold": 50, "minimumHosts": 5, "requestVolume": 1},
          "childPolicy": [{"round_robin": {}}]}}]}
        """)
  }

  @Test(
    "keeps calls from a server that fails all of them, whatever way it tells so",
    arguments: [
      ServerFailure.Place.trailersOnly, .afterMetadata, .afterMessages,
    ])
  func ejects(place: ServerFailure.Place) async throws {
    let config = try Self.config(baseEjectionTime: "3600s", percent: 20)
    try await withServers(5) { servers in
      servers[0].behaviour.failure = ServerFailure(.unavailable, place: place)
      try await withBalancedClient(of: servers, serviceConfig: config) { client, transport in
        try await transport.waitUntilReady(5)
        await expectEventually("the server is ejected") {
          _ = try? await client.callEmpty()
          return transport.endpoints[0].isEjected
        }
        let calls = try await servers.calls {
          for _ in 0..<40 { _ = try await client.callEmpty() }
        }
        #expect(calls == [0, 10, 10, 10, 10])
        #expect(transport.endpoints.map(\.isEjected) == [true, false, false, false, false])
        #expect(transport.endpoints[0].state == .ready, "it stays connected")
        #expect(transport.active == 0)
      }
    }
  }

  @Test("keeps calls from a server that lets their deadlines pass")
  func ejectsTheSilent() async throws {
    let config = try Self.config(baseEjectionTime: "3600s", percent: 20)
    var options = CallOptions.defaults
    options.timeout = .milliseconds(500)
    let bounded = options
    try await withServers(5) { servers in
      let gate = Gate()
      servers[3].behaviour.gate = gate
      try await withBalancedClient(of: servers, serviceConfig: config) { client, transport in
        try await transport.waitUntilReady(5)
        await expectEventually("the server is ejected") {
          _ = try? await client.callEmpty(options: bounded)
          return transport.endpoints[3].isEjected
        }
        #expect(transport.endpoints.map(\.isEjected) == [false, false, false, true, false])
      }
      gate.open()
    }
  }

  @Test("gives a server that serves again its calls back")
  func returns() async throws {
    let config = try Self.config(baseEjectionTime: "2s", percent: 20)
    try await withServers(5) { servers in
      servers[2].behaviour.failure = ServerFailure(.unavailable, place: .afterMessages)
      try await withBalancedClient(of: servers, serviceConfig: config) { client, transport in
        try await transport.waitUntilReady(5)
        await expectEventually("the server is ejected") {
          _ = try? await client.callEmpty()
          return transport.endpoints[2].isEjected
        }
        servers[2].behaviour.failure = nil
        try await expectEventually("the server is back") {
          _ = try await client.callEmpty()
          return !transport.endpoints[2].isEjected
        }
        let calls = try await servers.calls {
          for _ in 0..<50 { _ = try await client.callEmpty() }
        }
        #expect(calls == [10, 10, 10, 10, 10])
      }
    }
  }

  @Test("ejects no more than the allowed share, even if all servers fail")
  func boundsEjections() async throws {
    let config = try Self.config(baseEjectionTime: "3600s", percent: 40)
    try await withServers(5) { servers in
      for server in servers { server.behaviour.failure = ServerFailure(.unavailable) }
      try await withBalancedClient(of: servers, serviceConfig: config) { client, transport in
        try await transport.waitUntilReady(5)
        await expectEventually("two are ejected") {
          _ = try? await client.callEmpty()
          return transport.endpoints.count { $0.isEjected } == 2
        }
        let ejected = transport.endpoints.map(\.isEjected)
        let began = ContinuousClock.now
        await expectEventually("there were further sweeps") {
          _ = try? await client.callEmpty()
          #expect(transport.endpoints.map(\.isEjected) == ejected)
          return ContinuousClock.now - began > .milliseconds(200)
        }
        let calls = await servers.calls {
          for _ in 0..<30 { _ = try? await client.callEmpty() }
        }
        #expect(calls == ejected.map { $0 ? 0 : 10 })
      }
    }
  }

  @Test("ejects at once after so many failures in a row, one server of five")
  func ejectsInARow() async throws {
    let detection = OutlierDetection(
      interval: .seconds(3600), maxEjectionPercent: 20, consecutiveFailures: 3)
    let config = ClientServiceConfig(
      balancing: BalancingConfiguration(policy: RoundRobinPolicy(), outlierDetection: detection))
    try await withServers(5) { servers in
      for server in servers[1...2] {
        server.behaviour.failure = ServerFailure(.unavailable, place: .afterMessages)
      }
      try await withBalancedClient(of: servers, serviceConfig: config) { client, transport in
        try await transport.waitUntilReady(5)
        for _ in 0..<15 { _ = try? await client.callEmpty() }
        #expect(servers.map(\.calls) == [3, 3, 3, 3, 3])
        // The first of the two to have three took what may be ejected.
        #expect(transport.endpoints.count { $0.isEjected } == 1)
        let ejected = transport.endpoints.map(\.isEjected)
        let calls = await servers.calls {
          for _ in 0..<40 { _ = try? await client.callEmpty() }
        }
        #expect(calls == ejected.map { $0 ? 0 : 10 })
      }
    }
  }

  @Test("does not hold calls against a server that their callers gave up")
  func ignoresCancellation() async throws {
    let detection = OutlierDetection(
      interval: .seconds(3600), maxEjectionPercent: 100, consecutiveFailures: 1)
    let config = ClientServiceConfig(
      balancing: BalancingConfiguration(policy: RoundRobinPolicy(), outlierDetection: detection))
    try await withServers(1) { servers in
      let gate = Gate()
      servers[0].behaviour.gate = gate
      servers[0].behaviour.gatesLeft = 1
      try await withBalancedClient(of: servers, serviceConfig: config) { client, transport in
        let call = Task { try await client.callEmpty() }
        await expectEventually("the call is at the server") { gate.waiting == 1 }
        call.cancel()
        await expectCancellation { try await call.value }
        await expectEventually("the call is counted out") { transport.active == 0 }
        #expect(transport.endpoints.map(\.isEjected) == [false])

        servers[0].behaviour.failure = ServerFailure(.unavailable)
        servers[0].behaviour.failuresLeft = 1
        #expect(await failure { try await client.callEmpty() }?.code == .unavailable)
        #expect(transport.endpoints.map(\.isEjected) == [true])
      }
    }
  }
}
