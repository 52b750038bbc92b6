import FairleadReflectionProtocol
import GRPCCore
import GRPCProtobuf

/// gRPC server reflection, `grpc.reflection.v1` and `v1alpha`, from a ``ReflectionIndex``.
///
/// The two versions have the same messages on the wire, so one handler answers both.
package struct ReflectionService: Sendable {
  private let index: ReflectionIndex

  /// - Parameter index: What the answers are taken from.
  package init(index: ReflectionIndex) {
    self.index = index
  }
}

extension ReflectionService: RegistrableRPCService {
  private static let versions = [
    "grpc.reflection.v1.ServerReflection",
    "grpc.reflection.v1alpha.ServerReflection",
  ]

  package func registerMethods<Transport: ServerTransport>(
    with router: inout RPCRouter<Transport>
  ) {
    for version in Self.versions {
      router.registerHandler(
        forMethod: MethodDescriptor(
          fullyQualifiedService: version,
          method: "ServerReflectionInfo"
        ),
        deserializer: ProtobufDeserializer<Grpc_Reflection_V1_ServerReflectionRequest>(),
        serializer: ProtobufSerializer<Grpc_Reflection_V1_ServerReflectionResponse>(),
        handler: { request, _ in
          StreamingServerResponse { writer in
            for try await question in request.messages {
              try await writer.write(self.index.answer(question))
            }
            return [:]
          }
        }
      )
    }
  }
}
