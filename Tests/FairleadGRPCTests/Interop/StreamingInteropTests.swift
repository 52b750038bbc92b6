import Foundation
import GRPCCore
import Testing

extension InteropTests {
  @Suite("Streams")
  struct Streaming {
    private static let requestSizes = [27_182, 8, 1_828, 45_904]
    private static let responseSizes = [31_415, 9, 2_653, 58_979]

    @Test("client_streaming", arguments: TransportKind.allCases)
    func clientStreaming(over transport: TransportKind) async throws {
      try await withServers { servers in
        try await transport.withClient(of: servers[0]) { client in
          let response = try await client.test.streamingInputCall { writer in
            for size in Self.requestSizes {
              try await writer.write(.with { $0.payload = .zeroes(size) })
            }
          }
          #expect(response.aggregatedPayloadSize == 74_922)
        }
      }
    }

    @Test("server_streaming", arguments: TransportKind.allCases)
    func serverStreaming(over transport: TransportKind) async throws {
      try await withServers { servers in
        try await transport.withClient(of: servers[0]) { client in
          let sizes = try await client.test.streamingOutputCall(
            .asking(for: Self.responseSizes)
          ) { try await $0.sizes() }
          #expect(sizes == Self.responseSizes)
        }
      }
    }

    @Test("ping_pong", arguments: TransportKind.allCases)
    func pingPong(over transport: TransportKind) async throws {
      try await withServers { servers in
        try await transport.withClient(of: servers[0]) { client in
          // The next request is sent when the response to the last one is there.
          let (turns, next) = AsyncStream<Int>.makeStream()
          next.yield(0)
          let sizes = try await client.test.fullDuplexCall { writer in
            for await turn in turns {
              try await writer.write(
                .with {
                  $0.payload = .zeroes(Self.requestSizes[turn])
                  $0.responseParameters = [.with { $0.size = Int32(Self.responseSizes[turn]) }]
                })
            }
          } onResponse: { response in
            var sizes: [Int] = []
            for try await message in response.messages {
              sizes.append(message.payload.body.count)
              if sizes.count < Self.requestSizes.count {
                next.yield(sizes.count)
              } else {
                next.finish()
              }
            }
            return sizes
          }
          #expect(sizes == Self.responseSizes)
        }
      }
    }

    @Test("empty_stream", arguments: TransportKind.allCases)
    func emptyStream(over transport: TransportKind) async throws {
      try await withServers { servers in
        try await transport.withClient(of: servers[0]) { client in
          let sizes = try await client.test.fullDuplexCall { _ in
          } onResponse: {
            try await $0.sizes()
          }
          #expect(sizes.isEmpty)
          let sum = try await client.test.streamingInputCall { _ in }
          #expect(sum.aggregatedPayloadSize == 0)
        }
      }
    }

    @Test(
      "half_duplex: responses begin when the request has ended", arguments: TransportKind.allCases)
    func halfDuplex(over transport: TransportKind) async throws {
      try await withServers { servers in
        try await transport.withClient(of: servers[0]) { client in
          let sizes = try await client.test.halfDuplexCall { writer in
            for size in Self.responseSizes { try await writer.write(.asking(for: [size])) }
          } onResponse: {
            try await $0.sizes()
          }
          #expect(sizes == Self.responseSizes)
        }
      }
    }

    @Test(
      "a stream that is far larger than its windows comes through",
      arguments: TransportKind.allCases)
    func largeStream(over transport: TransportKind) async throws {
      let sizes = Array(repeating: 100_000, count: 200)
      try await withServers { servers in
        try await transport.withClient(of: servers[0]) { client in
          let received = try await client.test.streamingOutputCall(.asking(for: sizes)) {
            try await $0.sizes()
          }
          #expect(received == sizes)
          let response = try await client.test.streamingInputCall { writer in
            for size in sizes { try await writer.write(.with { $0.payload = .zeroes(size) }) }
          }
          #expect(response.aggregatedPayloadSize == 20_000_000)
        }
      }
    }

    @Test("many small messages keep their order", arguments: TransportKind.allCases)
    func manyMessages(over transport: TransportKind) async throws {
      let sizes = Array(0..<2_000)
      try await withServers { servers in
        try await transport.withClient(of: servers[0]) { client in
          let received = try await client.test.fullDuplexCall { writer in
            for size in sizes { try await writer.write(.asking(for: [size])) }
          } onResponse: {
            try await $0.sizes()
          }
          #expect(received == sizes)
        }
      }
    }

    @Test(
      "a status that comes while the client still writes ends the call",
      arguments: TransportKind.allCases)
    func serverEndsEarly(over transport: TransportKind) async throws {
      try await withServers { servers in
        try await transport.withClient(of: servers[0]) { client in
          let error = await failure {
            try await client.test.fullDuplexCall { writer in
              try await writer.write(
                .with {
                  $0.responseParameters = [.with { $0.size = 1 }]
                  $0.responseStatus.code = Int32(RPCError.Code.outOfRange.rawValue)
                  $0.responseStatus.message = "enough"
                })
              // Until writing fails or the call is cancelled; the server reads no more.
              while !Task.isCancelled {
                try await writer.write(.with { $0.payload = .zeroes(1_000) })
              }
            } onResponse: { response in
              for try await message in response.messages {
                #expect(message.payload.body.count == 1)
              }
            }
          }
          #expect(error?.code == .outOfRange)
          #expect(error?.message == "enough")
          // The connection is as good as before.
          _ = try await client.test.callEmpty()
        }
      }
    }

    @Test("messages before a bad status are not lost", arguments: TransportKind.allCases)
    func messagesThenStatus(over transport: TransportKind) async throws {
      try await withServers { servers in
        servers[0].behaviour.failure = ServerFailure(.aborted, "at the end", place: .afterMessages)
        try await transport.withClient(of: servers[0]) { client in
          let (sizes, code) = try await client.test.streamingOutputCall(
            .asking(for: Self.responseSizes)
          ) { response in
            var sizes: [Int] = []
            do {
              for try await message in response.messages {
                sizes.append(message.payload.body.count)
              }
            } catch let error as RPCError {
              return (sizes, RPCError.Code?.some(error.code))
            }
            return (sizes, nil)
          }
          #expect(sizes == Self.responseSizes)
          #expect(code == .aborted)
        }
      }
    }
  }
}

extension Grpc_Testing_StreamingOutputCallRequest {
  /// A request for responses of those sizes.
  static func asking(for sizes: [Int]) -> Self {
    .with { $0.responseParameters = sizes.map { size in .with { $0.size = Int32(size) } } }
  }
}

extension StreamingClientResponse<Grpc_Testing_StreamingOutputCallResponse> {
  /// The sizes of all its messages.
  func sizes() async throws -> [Int] {
    try await self.messages.reduce(into: []) { $0.append($1.payload.body.count) }
  }
}
