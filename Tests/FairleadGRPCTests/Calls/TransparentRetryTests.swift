import FairleadBalancing
import FairleadDiscovery
import FairleadGRPC
import FairleadTestSupport
import GRPCCore
import NIOHTTP2
import Testing

@testable import struct FairleadGRPC.UnprocessedMark

@Suite("A call that its server has not processed (gRFC A6)")
struct TransparentRetryTests {
  @Test("is begun anew when its stream is refused, and counted once")
  func refused() async throws {
    try await withScriptedServer(.refuse, .answer) { server in
      try await withClient(of: server) { client, transport in
        _ = try await client.callEmpty()
        #expect(server.requests.count == 2)
        #expect(server.requests[0].headers == server.requests[1].headers)
        #expect(server.requests[1].bytes == 5)
        #expect(server.accepted == 1, "the connection is as good as before")
        try await isAtRest(transport)
        _ = try await client.callEmpty()
        #expect(server.requests.count == 3)
      }
    }
  }

  @Test("is begun anew only once: then the caller sees that it was refused")
  func refusedTwice() async throws {
    try await withScriptedServer(.refuse, .refuse, .answer) { server in
      try await withClient(of: server) { client, transport in
        let error = await failure { try await client.callEmpty() }
        #expect(error?.code == .unavailable)
        #expect(error?.message == ChannelFailure.unprocessed(nil).message)
        #expect(server.requests.count == 2)
        try await isAtRest(transport)
        _ = try await client.callEmpty()
      }
    }
  }

  @Test("is begun anew on another server, if there is one")
  func refusedGoesElsewhere() async throws {
    try await withScriptedServer(.refuse) { refusing in
      try await withScriptedServer(.answer) { serving in
        try await withClient(of: refusing, serving) { client, transport in
          try await transport.waitUntilReady(2)
          for _ in 0..<10 { _ = try await client.callEmpty() }
          #expect(serving.requests.count == 10)
          #expect((1...10).contains(refusing.requests.count))
          try await isAtRest(transport)
        }
      }
    }
  }

  @Test("needs no further stream for that: the refused one is free")
  func refusedAtTheLimit() async throws {
    var configuration = BalancedTransport.Configuration()
    configuration.maximumConnectionsPerEndpoint = 1
    let limit = HTTP2Setting(parameter: .maxConcurrentStreams, value: 1)
    try await withScriptedServer(
      .refuse, .answer, .refuse, .answer, .refuse, .answer, settings: [limit]
    ) { server in
      try await withClient(of: server, configuration: configuration) { client, transport in
        for _ in 0..<3 {
          var options = CallOptions.defaults
          options.timeout = .seconds(60)
          _ = try await client.callEmpty(options: options)
        }
        #expect(server.requests.count == 6)
        try await isAtRest(transport)
      }
    }
  }

  @Test("is begun anew on another connection after a GOAWAY before its stream")
  func goneAway() async throws {
    // The first stream is held, the second one is above the last that the server means to answer.
    try await withScriptedServer(.hold, .leaveOut, .answer) { server in
      try await withClient(of: server) { client, transport in
        try await withThrowingTaskGroup(of: Void.self) { group in
          group.addTask { _ = try await client.callEmpty() }
          await expectEventually("the first call is held") {
            server.requests.first?.hasEnded == true
          }
          _ = try await client.callEmpty()
          #expect(server.requests.map(\.connection) == [1, 1, 2])
          server.answerHeld()
          try await group.waitForAll()
        }
        await expectEventually("the old connection is closed") { server.connected == 1 }
        try await isAtRest(transport)
        #expect(server.accepted == 2)
      }
    }
  }

  @Test("is not begun anew when a response has begun")
  func resetAfterHeaders() async throws {
    try await withScriptedServer(.resetAfterHeaders) { server in
      try await withClient(of: server) { client, transport in
        #expect(await failure { try await client.callEmpty() }?.code == .unavailable)
        #expect(server.requests.count == 1)
        try await isAtRest(transport)
      }
    }
  }

  @Test(
    "is not begun anew when its stream is reset for another reason",
    arguments: [HTTP2ErrorCode.cancel, .internalError, .enhanceYourCalm])
  func reset(code: HTTP2ErrorCode) async throws {
    try await withScriptedServer(.reset(code)) { server in
      try await withClient(of: server) { client, transport in
        #expect(await failure { try await client.callEmpty() } != nil)
        #expect(server.requests.count == 1)
        try await isAtRest(transport)
      }
    }
  }

  @Test(
    "is begun anew with a request of up to 256 KiB, not with a larger one",
    arguments: [(200, true), (300, false)])
  func large(kibibytes: Int, isRetried: Bool) async throws {
    try await withScriptedServer(.reset(.refusedStream), .answer) { server in
      try await withClient(of: server) { client, transport in
        let request = Grpc_Testing_SimpleRequest.with { $0.payload = .zeroes(kibibytes << 10) }
        if isRetried {
          _ = try await client.unaryCall(request)
          #expect(server.requests.map(\.bytes).allSatisfy { $0 > kibibytes << 10 })
          #expect(server.requests.count == 2)
        } else {
          let error = await failure { try await client.unaryCall(request) }
          #expect(error?.code == .unavailable)
          #expect(error?.message == ChannelFailure.unprocessed(nil).message)
          #expect(server.requests.count == 1)
        }
        try await isAtRest(transport)
      }
    }
  }

  @Test("is begun anew while its caller still sends: nothing is lost or sent twice")
  func clientStreaming() async throws {
    try await withScriptedServer(.refuse, .answer) { server in
      try await withClient(of: server) { client, transport in
        let message = Grpc_Testing_StreamingInputCallRequest.with { $0.payload = .zeroes(1000) }
        let size = try message.serializedData().count + 5
        _ = try await client.streamingInputCall { writer in
          try await writer.write(message)
          await expectEventually("the second stream has the message") {
            server.requests.count == 2 && server.requests[1].bytes == size
          }
          try await writer.write(message)
          try await writer.write(message)
        }
        #expect(server.requests.count == 2)
        #expect(server.requests[1].bytes == 3 * size)
        try await isAtRest(transport)
      }
    }
  }

  @Test("says nothing about its server: outlier detection does not count it")
  func isNoFailure() async throws {
    let detection = OutlierDetection(
      interval: .seconds(3600), maxEjectionPercent: 100, consecutiveFailures: 1)
    let config = ClientServiceConfig(
      balancing: BalancingConfiguration(policy: RoundRobinPolicy(), outlierDetection: detection))
    try await withScriptedServer(.refuse, .answer) { server in
      try await withClient(of: server, serviceConfig: config) { client, transport in
        _ = try await client.callEmpty()
        #expect(server.requests.count == 2)
        #expect(transport.endpoints.map(\.isEjected) == [false])
      }
    }
  }

  /// All streams and counters are given back.
  private func isAtRest(_ transport: BalancedTransport) async throws {
    await expectEventually("no call is counted as running") { transport.active == 0 }
  }

  private func withClient(
    of servers: ScriptedServer...,
    configuration: BalancedTransport.Configuration = BalancedTransport.Configuration(),
    serviceConfig: ClientServiceConfig = ClientServiceConfig(),
    body: (any Grpc_Testing_TestService.ClientProtocol, BalancedTransport) async throws -> Void
  ) async throws {
    let source = ManualSource()
    source.set(servers.map(\.endpoint))
    try await withBalancedClient(
      of: source, configuration, serviceConfig: serviceConfig, body: body)
  }
}
