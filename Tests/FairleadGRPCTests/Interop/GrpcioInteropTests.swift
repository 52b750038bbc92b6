import FairleadTestSupport
import Foundation
import GRPCCore
import Testing

extension InteropTests {
  /// The same behaviours against another implementation of gRPC, which frames, ends and refuses in its
  /// own way.
  @Suite(
    "Against grpcio",
    .enabled(if: GrpcioServer.isInstalled, "grpcio is not installed (scripts/python-env)."))
  struct Grpcio {
    private static let sizes = [31_415, 9, 2_653, 58_979]

    @Test("unary calls, metadata and status", arguments: TransportKind.allCases)
    func unary(over transport: TransportKind) async throws {
      try await GrpcioServer.run { port in
        try await transport.withClient(ofPort: port) { client in
          _ = try await client.test.emptyCall(Grpc_Testing_Empty(), options: .waiting)
          let metadata: Metadata = [
            InteropService.echoKey: "test_initial_metadata_value",
            InteropService.trailingEchoKey: .binary([0x0a, 0x0b, 0x00]),
          ]
          let large = Grpc_Testing_SimpleRequest.with {
            $0.responseSize = 314_159
            $0.payload = .zeroes(271_828)
          }
          let (size, initial, trailing) = try await client.test.unaryCall(
            large, metadata: metadata
          ) { (try $0.message.payload.body.count, $0.metadata, $0.trailingMetadata) }
          #expect(size == 314_159)
          #expect(
            Array(initial[stringValues: InteropService.echoKey]) == ["test_initial_metadata_value"])
          #expect(
            Array(trailing[binaryValues: InteropService.trailingEchoKey]) == [[0x0a, 0x0b, 0x00]])

          let message = "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n"
          let error = await failure {
            try await client.test.unaryCall(
              .with {
                $0.responseStatus.code = 2
                $0.responseStatus.message = message
              })
          }
          #expect(error?.code == .unknown)
          #expect(error?.message == message)

          let missing = await failure {
            try await client.unimplemented.unimplementedCall(Grpc_Testing_Empty())
          }
          #expect(missing?.code == .unimplemented)
        }
      }
    }

    @Test("streams", arguments: TransportKind.allCases)
    func streams(over transport: TransportKind) async throws {
      try await GrpcioServer.run { port in
        try await transport.withClient(ofPort: port) { client in
          let sum = try await client.test.streamingInputCall(options: .waiting) { writer in
            for size in [27_182, 8, 1_828, 45_904] {
              try await writer.write(.with { $0.payload = .zeroes(size) })
            }
          }
          #expect(sum.aggregatedPayloadSize == 74_922)

          let down = try await client.test.streamingOutputCall(.asking(for: Self.sizes)) {
            try await $0.sizes()
          }
          #expect(down == Self.sizes)

          let both = try await client.test.fullDuplexCall { writer in
            for size in Self.sizes { try await writer.write(.asking(for: [size])) }
          } onResponse: {
            try await $0.sizes()
          }
          #expect(both == Self.sizes)
        }
      }
    }

    @Test("a deadline and a status that comes early", arguments: TransportKind.allCases)
    func endings(over transport: TransportKind) async throws {
      try await GrpcioServer.run { port in
        try await transport.withClient(ofPort: port) { client in
          _ = try await client.test.emptyCall(Grpc_Testing_Empty(), options: .waiting)
          var options = CallOptions.defaults
          options.timeout = .milliseconds(50)
          let late = await failure { [options] in
            try await client.test.streamingOutputCall(
              .with { $0.responseParameters = [.with { $0.intervalUs = 500_000 }] },
              options: options
            ) { try await $0.sizes() }
          }
          #expect(late?.code == .deadlineExceeded)

          let early = await failure {
            try await client.test.fullDuplexCall { writer in
              try await writer.write(.with { $0.responseStatus.code = 11 })
              while !Task.isCancelled {
                try await writer.write(.with { $0.payload = .zeroes(1_000) })
              }
            } onResponse: {
              try await $0.sizes()
            }
          }
          #expect(early?.code == .outOfRange)
        }
      }
    }

    @Test("connections that reach their age lose no call", arguments: TransportKind.reconnecting)
    func connectionAge(over transport: TransportKind) async throws {
      try await GrpcioServer.run(maximumAge: 100) { port in
        try await transport.withClient(ofPort: port) { client in
          var peers: Set<String> = []
          try await expectEventually("five connections take calls") {
            let peer = try await client.test.emptyCall(Grpc_Testing_Empty(), options: .waiting) {
              _ = try $0.message
              return $0.trailingMetadata[stringValues: "x-peer"].first { _ in true } ?? ""
            }
            peers.insert(peer)
            return peers.count == 5
          }
        }
      }
    }
  }
}

extension CallOptions {
  /// Waits for the server to be up.
  fileprivate static var waiting: CallOptions {
    var options = CallOptions.defaults
    options.waitForReady = true
    return options
  }
}
