import GRPCCore

/// A client of the interoperability services over some transport.
struct InteropClient: Sendable {
  let test: any Grpc_Testing_TestService.ClientProtocol
  let unimplemented: any Grpc_Testing_UnimplementedService.ClientProtocol

  /// Takes no new calls, and ends when the running ones have.
  let beginGracefulShutdown: @Sendable () -> Void

  /// Asks the transport itself for a stream, without the client's own checks.
  let openStream: @Sendable () async throws -> Void

  init<Transport: ClientTransport>(_ client: GRPCClient<Transport>, transport: Transport) {
    self.test = Grpc_Testing_TestService.Client(wrapping: client)
    self.unimplemented = Grpc_Testing_UnimplementedService.Client(wrapping: client)
    self.beginGracefulShutdown = { client.beginGracefulShutdown() }
    self.openStream = {
      try await transport.withStream(
        descriptor: Grpc_Testing_TestService.Method.EmptyCall.descriptor, options: .defaults
      ) { _, _ in }
    }
  }
}

extension Grpc_Testing_TestService.ClientProtocol {
  /// One empty call; its server's name.
  func callEmpty(options: CallOptions = .defaults) async throws -> String {
    try await self.emptyCall(Grpc_Testing_Empty(), options: options) { response in
      // A response without a name is none of ours.
      _ = try response.message
      return response.metadata[stringValues: TestServer.nameKey].first { _ in true } ?? ""
    }
  }
}
