import FairleadGRPC
import FairleadTestSupport
import GRPCCore
import Testing

import class FairleadServices.HealthBoard
import struct FairleadServices.HealthService

@Suite("Client health checking (gRFC A17)")
struct HealthCheckingTests {
  private static let service = "grpc.testing.TestService"
  private let config = ClientServiceConfig(healthCheckServiceName: HealthCheckingTests.service)

  /// Runs `body` with servers, and the boards of those that have a health service. At the end the boards
  /// are closed: the streams of answers would go on for as long as they are open.
  private func withHealth(
    _ count: Int, boards boardCount: Int? = nil,
    body: ([TestServer], [HealthBoard]) async throws -> Void
  ) async throws {
    let boards = (0..<(boardCount ?? count)).map { _ in HealthBoard(serving: [Self.service]) }
    let named = Dictionary(
      uniqueKeysWithValues: boards.enumerated().map { ("server-\($0.offset)", $0.element) })
    let configuration = ServerConfiguration(
      services: { name in named[name].map { [HealthService(board: $0)] } ?? [] })
    try await withServers(count, configuration) { servers in
      defer { for board in boards { board.close() } }
      try await body(servers, boards)
    }
  }

  private func configuration(_ health: ScriptedHealth) -> ServerConfiguration {
    ServerConfiguration(services: { _ in [health] })
  }

  @Test("sends no calls to a server that is NOT_SERVING, and calls when it is SERVING again")
  func followsHealth() async throws {
    try await withHealth(3) { servers, boards in
      boards[1].set(.notServing, for: Self.service)
      try await withBalancedClient(of: servers, serviceConfig: config) { client, transport in
        await expectEventually("the healthy ones are ready") {
          transport.endpoints.map(\.state) == [.ready, .transientFailure, .ready]
        }
        #expect(transport.endpoints[1].lastError?.contains("is NOT_SERVING") == true)
        #expect(try await emptyCalls(client, 20, of: servers) == [10, 0, 10])

        boards[1].set(.serving, for: Self.service)
        try await transport.waitUntilReady(3)
        #expect(try await emptyCalls(client, 30, of: servers) == [10, 10, 10])

        boards[0].set(.notServing, for: Self.service)
        await expectEventually("the server is out of use") {
          transport.endpoints[0].state == .transientFailure
        }
        #expect(try await emptyCalls(client, 20, of: servers) == [0, 10, 10])
        #expect(servers.map(\.record.accepted) == [1, 1, 1], "all stay connected")
        #expect(transport.active == 0, "the health service's streams are no calls")
      }
    }
  }

  @Test("lets calls end that run at a server which stops to serve")
  func letsCallsEnd() async throws {
    try await withHealth(1) { servers, boards in
      try await withBalancedClient(of: servers, serviceConfig: config) { client, transport in
        try await transport.waitUntilReady(1)
        let gate = Gate()
        servers[0].behaviour.gate = gate
        try await withThrowingTaskGroup(of: String.self) { group in
          group.addTask { try await client.callEmpty() }
          await expectEventually("the call runs") { gate.waiting == 1 }
          boards[0].set(.notServing, for: Self.service)
          await expectEventually("the server is out of use") {
            transport.endpoints[0].state == .transientFailure
          }
          gate.open()
          let first = try await group.next()
          #expect(first == "server-0")
        }
      }
    }
  }

  @Test("fails calls with the reason when no server serves; calls that wait for one get it")
  func allUnhealthy() async throws {
    try await withHealth(2) { servers, boards in
      for board in boards { board.set(.notServing, for: Self.service) }
      try await withBalancedClient(of: servers, serviceConfig: config) { client, transport in
        let error = await failure { try await client.callEmpty() }
        #expect(error?.code == .unavailable)
        #expect(error?.message.contains("grpc.testing.TestService is NOT_SERVING") == true)

        var options = CallOptions.defaults
        options.waitForReady = true
        try await withThrowingTaskGroup(of: String.self) { group in
          group.addTask { [options] in try await client.callEmpty(options: options) }
          boards[1].set(.serving, for: Self.service)
          let first = try await group.next()
          #expect(first == "server-1")
        }
      }
    }
  }

  @Test("takes a server without a health service for one that serves")
  func noHealthService() async throws {
    try await withHealth(2, boards: 1) { servers, boards in
      boards[0].set(.notServing, for: Self.service)
      try await withBalancedClient(of: servers, serviceConfig: config) { client, transport in
        await expectEventually("the second is ready") {
          transport.endpoints.map(\.state) == [.transientFailure, .ready]
        }
        let calls = try await emptyCalls(client, 5, of: servers)
        #expect(calls == [0, 5])
        #expect(
          servers[1].record.accepted == 1, "it is asked once, and its connection stays")
      }
    }
  }

  @Test("takes a server whose health service does not know the name for one that does not serve")
  func unknownService() async throws {
    let config = ClientServiceConfig(healthCheckServiceName: "nobody.knows.It")
    try await withHealth(1) { servers, boards in
      try await withBalancedClient(of: servers, serviceConfig: config) { client, transport in
        let error = await failure { try await client.callEmpty() }
        #expect(error?.code == .unavailable)
        #expect(error?.message.contains("nobody.knows.It is not known") == true)
        boards[0].set(.serving, for: "nobody.knows.It")
        try await transport.waitUntilReady(1)
        _ = try await client.callEmpty()
      }
    }
  }

  @Test("asks for the server as a whole with an empty name")
  func wholeServer() async throws {
    let health = ScriptedHealth { _ in ScriptedHealth.Watch(statuses: [.serving], end: Gate()) }
    let config = ClientServiceConfig(healthCheckServiceName: "")
    try await withServers(1, configuration(health)) { servers in
      try await withBalancedClient(of: servers, serviceConfig: config) { client, _ in
        _ = try await client.callEmpty()
        #expect(health.asked == [""])
      }
    }
  }

  @Test("asks again when the stream of answers ends; until there is one, the server gets no calls")
  func resumes() async throws {
    let (end, start) = (Gate(), Gate())
    let health = ScriptedHealth { watch in
      watch == 1
        ? ScriptedHealth.Watch(statuses: [.serving], end: end)
        : ScriptedHealth.Watch(start: start, statuses: [.serving], end: Gate())
    }
    try await withServers(1, configuration(health)) { servers in
      try await withBalancedClient(of: servers, serviceConfig: config) { client, transport in
        _ = try await client.callEmpty()
        end.open()
        await expectEventually("the server is asked again") { start.waiting == 1 }
        await expectEventually("it is out of use") {
          transport.endpoints[0].state == .transientFailure
        }
        #expect(transport.endpoints[0].lastError?.contains("cannot be told") == true)
        start.open()
        try await transport.waitUntilReady(1)
        _ = try await client.callEmpty()
        #expect(health.asked == [Self.service, Self.service])
        #expect(servers[0].record.accepted == 1)
      }
    }
  }

  @Test("goes on asking, with pauses, a server whose stream of answers fails")
  func asksAgain() async throws {
    let health = ScriptedHealth { watch in
      watch < 4
        ? ScriptedHealth.Watch(failure: RPCError(code: .internalError, message: "not now"))
        : ScriptedHealth.Watch(statuses: [.serving], end: Gate())
    }
    try await withServers(1, configuration(health)) { servers in
      try await withBalancedClient(of: servers, serviceConfig: config) { client, transport in
        try await transport.waitUntilReady(1)
        _ = try await client.callEmpty()
        #expect(health.asked.count == 4)
        #expect(servers[0].record.accepted == 1)
      }
    }
  }

  @Test("asks the next connection anew")
  func asksNextConnection() async throws {
    try await withHealth(1) { servers, boards in
      try await withBalancedClient(of: servers, serviceConfig: config) { client, transport in
        try await transport.waitUntilReady(1)
        boards[0].set(.notServing, for: Self.service)
        await expectEventually("it is out of use") {
          transport.endpoints[0].state == .transientFailure
        }
        servers[0].closeConnections()
        await expectEventually("it is connected again") { servers[0].record.accepted == 2 }
        await expectEventually("and asked again") {
          transport.endpoints[0].lastError?.contains("NOT_SERVING") == true
        }
        boards[0].set(.serving, for: Self.service)
        try await transport.waitUntilReady(1)
        _ = try await client.callEmpty()
      }
    }
  }

  /// How many of so many empty calls each server gets: those of the health service do not count.
  private func emptyCalls(
    _ client: any Grpc_Testing_TestService.ClientProtocol, _ count: Int, of servers: [TestServer]
  ) async throws -> [Int] {
    var calls = [String: Int]()
    for _ in 0..<count { calls[try await client.callEmpty(), default: 0] += 1 }
    return servers.map { calls[$0.name, default: 0] }
  }
}
