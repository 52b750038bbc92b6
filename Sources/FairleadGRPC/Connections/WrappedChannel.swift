import GRPCCore
import GRPCNIOTransportHTTP2Posix
import NIOCore

/// One connection: grpc-swift's transport over it, and who is at its two ends. Safe to use from any
/// thread.
final class WrappedChannel: ClientTransport {
  typealias Bytes = GRPCNIOTransportBytes

  /// What streams are opened with. The context that it gives them has no addresses; see
  /// ``context(of:)``.
  let transport: HTTP2ClientTransport.WrappedChannel
  private let remotePeer: String
  private let localPeer: String

  /// - Parameter channel: connected, and what `transport` is over.
  init(_ transport: HTTP2ClientTransport.WrappedChannel, over channel: (any Channel)?) {
    self.transport = transport
    let (remote, local) = (channel?.remoteAddress, channel?.localAddress)
    remotePeer = remote?.peer ?? Self.unknown
    // A client's end of a socket in the file system has no name.
    localPeer = (local.flatMap { $0.peer == "unix:" ? nil : $0 } ?? remote)?.peer ?? Self.unknown
  }

  private static let unknown = "<unknown>"

  /// What a call is told of its stream.
  func context(of descriptor: MethodDescriptor) -> ClientContext {
    ClientContext(descriptor: descriptor, remotePeer: remotePeer, localPeer: localPeer)
  }

  var retryThrottle: RetryThrottle? { nil }

  func config(forMethod descriptor: MethodDescriptor) -> MethodConfig? { nil }

  func connect() async throws {
    try await transport.connect()
  }

  func beginGracefulShutdown() {
    transport.beginGracefulShutdown()
  }

  func withStream<T: Sendable>(
    descriptor: MethodDescriptor, options: CallOptions,
    _ closure: (_ stream: RPCStream<Inbound, Outbound>, _ context: ClientContext) async throws -> T
  ) async throws -> T {
    try await transport.withStream(descriptor: descriptor, options: options) { stream, context in
      try await closure(stream, self.context(of: context.descriptor))
    }
  }
}

extension NIOCore.SocketAddress {
  /// As gRPC writes it in a call's context.
  fileprivate var peer: String {
    switch self {
    case .v4(let address): "ipv4:\(address.host):\(port ?? 0)"
    case .v6(let address): "ipv6:[\(address.host)]:\(port ?? 0)"
    case .unixDomainSocket: "unix:\(pathname ?? "")"
    }
  }
}
