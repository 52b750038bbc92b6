import Foundation
import GRPCCore
import Testing

extension InteropTests {
  @Suite("Message sizes and compression")
  struct Message {
    /// grpc-swift's own limit for messages that are received.
    private static let limit = 4 * 1024 * 1024

    @Test("messages of several MiB come through", arguments: TransportKind.allCases)
    func large(over transport: TransportKind) async throws {
      try await withServers { servers in
        try await transport.withClient(of: servers[0]) { client in
          for size in [1_000_000, Self.limit - 100] {
            let response = try await client.test.unaryCall(
              .with {
                $0.payload = .zeroes(size)
                $0.responseSize = Int32(size)
              })
            #expect(response.payload.body.count == size)
          }
        }
      }
    }

    @Test("a request over the server's limit fails", arguments: TransportKind.allCases)
    func requestOverLimit(over transport: TransportKind) async throws {
      try await withServers(1, .transport { $0.rpc.maxRequestPayloadSize = 1_000 }) { servers in
        try await transport.withClient(of: servers[0]) { client in
          let error = await failure {
            try await client.test.unaryCall(.with { $0.payload = .zeroes(1_001) })
          }
          // grpc-swift's server resets the stream.
          #expect(error?.code == .unavailable)
          let response = try await client.test.unaryCall(.with { $0.payload = .zeroes(900) })
          #expect(response.payload.body.isEmpty)
        }
      }
    }

    @Test("a response over the client's limit fails", arguments: TransportKind.allCases)
    func responseOverLimit(over transport: TransportKind) async throws {
      try await withServers { servers in
        try await transport.withClient(of: servers[0]) { client in
          let error = await failure {
            try await client.test.unaryCall(.with { $0.responseSize = Int32(Self.limit + 1) })
          }
          #expect(error?.code == .internalError)
          _ = try await client.test.callEmpty()
        }
      }
    }

    @Test(
      "client_compressed_unary, server_compressed_unary", arguments: TransportKind.allCases,
      [CompressionAlgorithm.gzip, .deflate])
    func compressed(over transport: TransportKind, algorithm: CompressionAlgorithm) async throws {
      let server = ServerConfiguration.transport {
        $0.compression.enabledAlgorithms = [.gzip, .deflate]
      }
      try await withServers(1, server) { servers in
        try await transport.withClient(of: servers[0], .compressed(with: algorithm)) { client in
          let request = Grpc_Testing_SimpleRequest.with {
            $0.payload = .zeroes(271_828)
            $0.responseSize = 314_159
            $0.expectCompressed.value = true
            $0.responseCompressed.value = true
          }
          let (size, encodings) = try await client.test.unaryCall(request) { response in
            (
              try response.message.payload.body.count,
              Array(response.metadata[stringValues: "grpc-encoding"])
            )
          }
          #expect(size == 314_159)
          #expect(encodings == [algorithm == .gzip ? "gzip" : "deflate"])
        }
      }
    }

    @Test("a call can do without compression", arguments: TransportKind.allCases)
    func uncompressed(over transport: TransportKind) async throws {
      let server = ServerConfiguration.transport {
        $0.compression.enabledAlgorithms = [.gzip]
      }
      try await withServers(1, server) { servers in
        try await transport.withClient(of: servers[0], .compressed(with: .gzip)) { client in
          var options = CallOptions.defaults
          options.compression = CompressionAlgorithm.none
          _ = try await client.test.unaryCall(
            .with {
              $0.payload = .zeroes(1_000)
              $0.expectCompressed.value = false
            }, options: options)
        }
      }
    }

    @Test("compression that the server does not have fails", arguments: TransportKind.allCases)
    func unknownCompression(over transport: TransportKind) async throws {
      try await withServers { servers in
        try await transport.withClient(of: servers[0], .compressed(with: .gzip)) { client in
          let error = await failure { try await client.test.callEmpty() }
          #expect(error?.code == .unimplemented)
        }
      }
    }
  }
}
