import GRPCCore
import GRPCNIOTransportHTTP2Posix
import GRPCProtobuf

@testable import FairleadEtcd

/// An etcd that answers as a test wants, for what a real one cannot be brought to do at will.
struct ScriptedEtcd: RegistrableRPCService {
  typealias Responses = RPCWriter<Etcdserverpb_WatchResponse>

  /// Answers a read.
  var range: @Sendable (Etcdserverpb_RangeRequest) throws -> Etcdserverpb_RangeResponse
  /// Answers a watch until it ends it by returning.
  var watch: @Sendable (Etcdserverpb_WatchCreateRequest, Responses) async throws -> Void

  func registerMethods<Transport: ServerTransport>(with router: inout RPCRouter<Transport>) {
    router.registerHandler(
      forMethod: Etcdserverpb_KV.Method.Range.descriptor,
      deserializer: ProtobufDeserializer<Etcdserverpb_RangeRequest>(),
      serializer: ProtobufSerializer<Etcdserverpb_RangeResponse>()
    ) { request, _ in
      let request = try await ServerRequest(stream: request)
      let response = try range(request.message)
      return StreamingServerResponse { writer in
        try await writer.write(response)
        return [:]
      }
    }
    router.registerHandler(
      forMethod: Etcdserverpb_Watch.Method.Watch.descriptor,
      deserializer: ProtobufDeserializer<Etcdserverpb_WatchRequest>(),
      serializer: ProtobufSerializer<Etcdserverpb_WatchResponse>()
    ) { request, _ in
      StreamingServerResponse { writer in
        for try await message in request.messages {
          guard case .createRequest(let creation) = message.requestUnion else { continue }
          try await watch(creation, writer)
          return [:]
        }
        return [:]
      }
    }
  }

  /// Serves during `body`, which gets the address.
  func serving(_ body: (String) async throws -> Void) async throws {
    let transport = HTTP2ServerTransport.Posix(
      address: .ipv4(host: "127.0.0.1", port: 0), transportSecurity: .plaintext)
    let server = GRPCServer(transport: transport, services: [self])
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try? await server.serve() }
      let port = try await transport.listeningAddress.ipv4?.port ?? 0
      defer { group.cancelAll() }
      try await body("127.0.0.1:\(port)")
    }
  }
}

extension ServerRequest {
  fileprivate init(stream: StreamingServerRequest<Message>) async throws {
    for try await message in stream.messages {
      self.init(metadata: stream.metadata, message: message)
      return
    }
    throw RPCError(code: .invalidArgument, message: "There is no request.")
  }
}
