import Foundation
import GRPCCore

/// `grpc.testing.TestService` as gRPC's interoperability tests expect it.
///
/// Metadata under `x-grpc-test-echo-initial` comes back before the messages, that under
/// `x-grpc-test-echo-trailing-bin` with the status.
struct InteropService: Sendable {
  static let echoKey = "x-grpc-test-echo-initial"
  static let trailingEchoKey = "x-grpc-test-echo-trailing-bin"

  private let clock: any Clock<Duration>

  init(clock: any Clock<Duration> = ContinuousClock()) {
    self.clock = clock
  }

  private func echo(_ key: String, of metadata: Metadata) -> Metadata {
    var echo = Metadata()
    for value in metadata[key] {
      switch value {
      case .string(let string): echo.addString(string, forKey: key)
      case .binary(let bytes): echo.addBinary(bytes, forKey: key)
      }
    }
    return echo
  }

  /// Throws what the request asks to fail with.
  private func fail(
    _ hasStatus: Bool, _ status: Grpc_Testing_EchoStatus, trailers: Metadata
  ) throws {
    guard hasStatus, status.code != 0 else { return }
    let code = Status.Code(rawValue: Int(status.code)).flatMap { RPCError.Code($0) }
    throw RPCError(code: code ?? .unknown, message: status.message, metadata: trailers)
  }

  private func write(
    _ request: Grpc_Testing_StreamingOutputCallRequest,
    to writer: RPCWriter<Grpc_Testing_StreamingOutputCallResponse>
  ) async throws {
    for parameters in request.responseParameters {
      if parameters.intervalUs > 0 {
        try await self.clock.sleep(for: .microseconds(Int64(parameters.intervalUs)))
      }
      try await writer.write(.with { $0.payload = .zeroes(Int(parameters.size)) })
    }
    try self.fail(request.hasResponseStatus, request.responseStatus, trailers: [:])
  }
}

extension Grpc_Testing_Payload {
  /// A payload of that many zero bytes.
  static func zeroes(_ count: Int) -> Self {
    .with { $0.body = Data(count: count) }
  }
}

extension InteropService: Grpc_Testing_TestService.ServiceProtocol {
  func emptyCall(
    request: ServerRequest<Grpc_Testing_Empty>, context: ServerContext
  ) async throws -> ServerResponse<Grpc_Testing_Empty> {
    ServerResponse(message: Grpc_Testing_Empty())
  }

  func unaryCall(
    request: ServerRequest<Grpc_Testing_SimpleRequest>, context: ServerContext
  ) async throws -> ServerResponse<Grpc_Testing_SimpleResponse> {
    let message = request.message
    let encodings = request.metadata["grpc-encoding"]
    let isCompressed = encodings.contains { $0 != .string("identity") }
    if message.hasExpectCompressed, message.expectCompressed.value != isCompressed {
      throw RPCError(
        code: .invalidArgument,
        message: "The request is \(isCompressed ? "" : "not ")compressed."
      )
    }
    let trailers = self.echo(Self.trailingEchoKey, of: request.metadata)
    try self.fail(message.hasResponseStatus, message.responseStatus, trailers: trailers)
    return ServerResponse(
      message: .with { $0.payload = .zeroes(Int(message.responseSize)) },
      metadata: self.echo(Self.echoKey, of: request.metadata),
      trailingMetadata: trailers
    )
  }

  func streamingOutputCall(
    request: ServerRequest<Grpc_Testing_StreamingOutputCallRequest>, context: ServerContext
  ) async throws -> StreamingServerResponse<Grpc_Testing_StreamingOutputCallResponse> {
    StreamingServerResponse { writer in
      try await self.write(request.message, to: writer)
      return [:]
    }
  }

  func streamingInputCall(
    request: StreamingServerRequest<Grpc_Testing_StreamingInputCallRequest>,
    context: ServerContext
  ) async throws -> ServerResponse<Grpc_Testing_StreamingInputCallResponse> {
    var size: Int32 = 0
    for try await message in request.messages { size += Int32(message.payload.body.count) }
    return ServerResponse(message: .with { [size] in $0.aggregatedPayloadSize = size })
  }

  func fullDuplexCall(
    request: StreamingServerRequest<Grpc_Testing_StreamingOutputCallRequest>,
    context: ServerContext
  ) async throws -> StreamingServerResponse<Grpc_Testing_StreamingOutputCallResponse> {
    StreamingServerResponse(metadata: self.echo(Self.echoKey, of: request.metadata)) { writer in
      for try await message in request.messages { try await self.write(message, to: writer) }
      return self.echo(Self.trailingEchoKey, of: request.metadata)
    }
  }

  func halfDuplexCall(
    request: StreamingServerRequest<Grpc_Testing_StreamingOutputCallRequest>,
    context: ServerContext
  ) async throws -> StreamingServerResponse<Grpc_Testing_StreamingOutputCallResponse> {
    StreamingServerResponse { writer in
      let messages = try await request.messages.reduce(into: []) { $0.append($1) }
      for message in messages { try await self.write(message, to: writer) }
      return [:]
    }
  }

  // The router does not get it, so that the answer is the server's own.
  func unimplementedCall(
    request: ServerRequest<Grpc_Testing_Empty>, context: ServerContext
  ) async throws -> ServerResponse<Grpc_Testing_Empty> {
    throw RPCError(code: .unimplemented, message: "No server implements this method.")
  }
}
