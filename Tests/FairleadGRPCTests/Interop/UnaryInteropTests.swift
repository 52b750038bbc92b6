import Foundation
import GRPCCore
import Testing

extension InteropTests {
  @Suite("Unary calls, metadata and status")
  struct Unary {
    @Test("empty_unary", arguments: TransportKind.allCases)
    func emptyUnary(over transport: TransportKind) async throws {
      try await withServers { servers in
        try await transport.withClient(of: servers[0]) { client in
          let name = try await client.test.callEmpty()
          #expect(name == "server-0")
        }
      }
    }

    @Test("large_unary", arguments: TransportKind.allCases)
    func largeUnary(over transport: TransportKind) async throws {
      try await withServers { servers in
        try await transport.withClient(of: servers[0]) { client in
          let request = Grpc_Testing_SimpleRequest.with {
            $0.responseSize = 314_159
            $0.payload = .zeroes(271_828)
          }
          let response = try await client.test.unaryCall(request)
          #expect(response.payload.body == Data(count: 314_159))
        }
      }
    }

    @Test("custom_metadata", arguments: TransportKind.allCases)
    func customMetadata(over transport: TransportKind) async throws {
      let binary: [UInt8] = [0x0a, 0x0b, 0x0a, 0x00, 0xff, 0x0b]
      var metadata = Metadata()
      metadata.addString("test_initial_metadata_value", forKey: InteropService.echoKey)
      metadata.addString("a second, with spaces", forKey: InteropService.echoKey)
      metadata.addBinary(binary, forKey: InteropService.trailingEchoKey)
      metadata.addBinary([], forKey: InteropService.trailingEchoKey)

      func check(_ initial: Metadata, _ trailing: Metadata) {
        #expect(
          Array(initial[stringValues: InteropService.echoKey])
            == ["test_initial_metadata_value", "a second, with spaces"])
        #expect(Array(trailing[binaryValues: InteropService.trailingEchoKey]) == [binary, []])
      }

      try await withServers { servers in
        try await transport.withClient(of: servers[0]) { [metadata] client in
          let unary = try await client.test.unaryCall(
            Grpc_Testing_SimpleRequest(), metadata: metadata
          ) { ($0.metadata, $0.trailingMetadata) }
          check(unary.0, unary.1)

          let duplex = try await client.test.fullDuplexCall(metadata: metadata) { _ in
          } onResponse: { response in
            var trailing = Metadata()
            for try await part in try response.accepted.get().bodyParts {
              if case .trailingMetadata(let metadata) = part { trailing = metadata }
            }
            return (response.metadata, trailing)
          }
          check(duplex.0, duplex.1)
        }
      }
    }

    @Test("status_code_and_message", arguments: TransportKind.allCases)
    func statusCodeAndMessage(over transport: TransportKind) async throws {
      try await self.expectStatus(code: .unknown, message: "test status message", over: transport)
    }

    @Test("special_status_message", arguments: TransportKind.allCases)
    func specialStatusMessage(over transport: TransportKind) async throws {
      try await self.expectStatus(
        code: .unknown,
        message: "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n",
        over: transport)
    }

    @Test("every status code comes through", arguments: TransportKind.allCases)
    func statusCodes(over transport: TransportKind) async throws {
      try await withServers { servers in
        try await transport.withClient(of: servers[0]) { client in
          for value in 1...16 {
            let error = await failure {
              try await client.test.unaryCall(
                .with { $0.responseStatus.code = Int32(value) })
            }
            #expect(error?.code.rawValue == value)
          }
        }
      }
    }

    @Test(
      "a status comes through from each place of the response", arguments: TransportKind.allCases)
    func placesOfStatus(over transport: TransportKind) async throws {
      try await withServers { servers in
        servers[0].behaviour.trailingMetadata = ["x-detail-bin": .binary([1, 2])]
        try await transport.withClient(of: servers[0]) { client in
          for place in [ServerFailure.Place.trailersOnly, .afterMetadata] {
            servers[0].behaviour.failure = ServerFailure(.notFound, "gone", place: place)
            let error = await failure { try await client.test.callEmpty() }
            #expect(error?.code == .notFound)
            #expect(error?.message == "gone")
            #expect(
              error.map { Array($0.metadata[binaryValues: "x-detail-bin"]) } == [[1, 2]])
          }
        }
      }
    }

    @Test("unimplemented_method", arguments: TransportKind.allCases)
    func unimplementedMethod(over transport: TransportKind) async throws {
      try await withServers { servers in
        try await transport.withClient(of: servers[0]) { client in
          let error = await failure {
            try await client.test.unimplementedCall(Grpc_Testing_Empty())
          }
          #expect(error?.code == .unimplemented)
        }
        #expect(servers[0].calls == 0)
      }
    }

    @Test("unimplemented_service", arguments: TransportKind.allCases)
    func unimplementedService(over transport: TransportKind) async throws {
      try await withServers { servers in
        try await transport.withClient(of: servers[0]) { client in
          let error = await failure {
            try await client.unimplemented.unimplementedCall(Grpc_Testing_Empty())
          }
          #expect(error?.code == .unimplemented)
        }
      }
    }

    /// Asks for a status by a unary call and by a stream.
    private func expectStatus(
      code: RPCError.Code, message: String, over transport: TransportKind
    ) async throws {
      let status = Grpc_Testing_EchoStatus.with {
        $0.code = Int32(code.rawValue)
        $0.message = message
      }
      try await withServers { servers in
        try await transport.withClient(of: servers[0]) { client in
          let unary = await failure {
            try await client.test.unaryCall(.with { $0.responseStatus = status })
          }
          #expect(unary?.code == code)
          #expect(unary?.message == message)

          let duplex = await failure {
            try await client.test.fullDuplexCall { writer in
              try await writer.write(.with { $0.responseStatus = status })
            } onResponse: { response in
              for try await _ in response.messages {}
            }
          }
          #expect(duplex?.code == code)
          #expect(duplex?.message == message)
        }
      }
    }
  }
}
