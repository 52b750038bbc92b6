import FairleadReflectionProtocol
import FairleadServices
import GRPCCore
import GRPCProtobuf
import Testing

@Suite("ReflectionService")
struct ReflectionServiceTests {
  private typealias Question = Grpc_Reflection_V1_ServerReflectionRequest
  private typealias Answer = Grpc_Reflection_V1_ServerReflectionResponse

  /// Asks all questions in one stream of the given version of the protocol.
  private func ask(_ questions: [Question], version: String) async throws -> [Answer] {
    let service = ReflectionService(index: try .ownServices())
    let collected = AsyncStream.makeStream(of: Answer.self)
    try await withServices([service]) { client in
      try await client.bidirectionalStreaming(
        request: StreamingClientRequest { try await $0.write(contentsOf: questions) },
        descriptor: MethodDescriptor(
          fullyQualifiedService: "grpc.reflection.\(version).ServerReflection",
          method: "ServerReflectionInfo"
        ),
        serializer: ProtobufSerializer<Question>(),
        deserializer: ProtobufDeserializer<Answer>(),
        options: .defaults
      ) { response in
        for try await answer in response.messages {
          collected.continuation.yield(answer)
        }
      }
    }
    collected.continuation.finish()
    return await collected.stream.reduce(into: []) { $0.append($1) }
  }

  @Test("Both versions answer the services and the file of a symbol", arguments: ["v1", "v1alpha"])
  func answers(version: String) async throws {
    let answers = try await self.ask(
      [
        .with { $0.listServices = "" },
        .with { $0.fileContainingSymbol = "helloworld.Greeter.SayHello" },
        .with { $0.fileByFilename = "grpc/health/v1/health.proto" },
      ],
      version: version
    )
    try #require(answers.count == 3)
    #expect(answers[0].listServicesResponse.service.map(\.name).contains("helloworld.Greeter"))
    #expect(answers[1].fileDescriptorResponse.fileDescriptorProto.count == 1)
    #expect(answers[2].fileDescriptorResponse.fileDescriptorProto.count == 1)
  }

  @Test("What is not known is an error in the stream, and the stream goes on")
  func unknown() async throws {
    let questions: [Question] = [
      .with { $0.fileContainingSymbol = "no.Such" },
      .with { $0.fileByFilename = "no.proto" },
      .with { $0.allExtensionNumbersOfType = "no.Such" },
      .with { $0.fileContainingExtension = .with { $0.containingType = "helloworld.HelloReply" } },
      .init(),
      .with { $0.allExtensionNumbersOfType = "helloworld.HelloReply" },
    ]
    let answers = try await self.ask(questions, version: "v1")
    #expect(answers.map(\.errorResponse.errorCode) == [5, 5, 5, 5, 3, 0])
    #expect(answers.map(\.originalRequest) == questions)
    #expect(answers.last?.allExtensionNumbersResponse.baseTypeName == "helloworld.HelloReply")
  }
}
