import FairleadTestSupport
import GRPCCore
import GRPCNIOTransportHTTP2Posix
import GRPCProtobuf
import NIOCore

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
    let connections = Noted<any Channel>()
    var config = HTTP2ServerTransport.Posix.Config.defaults
    config.channelDebuggingCallbacks.onAcceptTCPConnection = { connection in
      connections.note(connection)
      return connection.eventLoop.makeSucceededVoidFuture()
    }
    let transport = HTTP2ServerTransport.Posix(
      address: .ipv4(host: "127.0.0.1", port: 0), transportSecurity: .plaintext, config: config)
    let server = GRPCServer(transport: transport, services: [self])
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try? await server.serve() }
      let port = try await transport.listeningAddress.ipv4?.port ?? 0
      let result: Result<Void, any Error>
      do {
        result = .success(try await body("127.0.0.1:\(port)"))
      } catch {
        result = .failure(error)
      }
      // A stream that is opened while the server's task is cancelled would be let go unused, which NIO takes for a
      // mistake and ends the process.
      for connection in connections.all { try? await connection.close().get() }
      group.cancelAll()
      try result.get()
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
