import FairleadBalancing
import FairleadSockets
import GRPCNIOTransportHTTP2Posix
import NIOCore
import NIOHTTP2
import NIOPosix

/// Opens connections: socket, TLS, HTTP/2, and grpc-swift's transport over it. Safe to use from any
/// thread.
struct Connector: Sendable {
  let security: SecuritySource
  /// What requests name as `:authority`, and the server's certificate has to be for; `nil`: the
  /// endpoint's own address.
  let authority: String?
  let settings: ConnectionSettings
  let mark: UnprocessedMark
  let group: any EventLoopGroup
  /// How long the server may take to close its side when we have closed ours; `nil`: it is not waited for.
  var lingering: TimeAmount?
  /// After how long without an acknowledgement the server counts as gone; `nil` leaves it to the system.
  var silence: Duration?

  /// Returns when the socket is connected: the TLS handshake and the peer's SETTINGS may be still to
  /// come. `tell` is called on the connection's event loop.
  func connect(
    to endpoint: FairleadBalancing.Endpoint, attempt: ConnectionAttempt,
    tell: @escaping @Sendable (ConnectionNews) -> Void
  ) async throws -> WrappedChannel {
    let goAway = attempt.goAway
    let authority = self.authority ?? endpoint.address.authority
    let config = settings.wrappedChannel(authority: authority) {
      [mark, isSecure = security.scheme == "https"] stream in
      do {
        try stream.pipeline.syncOperations.addHandler(
          UnprocessedStreamHandler(mark: mark, goAway: goAway, isSecure: isSecure),
          position: .first)
        // The loop has one of these: no allocation for each call.
        return stream.eventLoop.makeSucceededVoidFuture()
      } catch {
        return stream.eventLoop.makeFailedFuture(error)
      }
    }
    // Reads files, perhaps: not on an event loop.
    let security = self.security.current()
    let transport = try await HTTP2ClientTransport.WrappedChannel.wrapping(config: config) {
      configure in
      let configured = try await open(endpoint.address) { [lingering] channel in
        channel.eventLoop.makeCompletedFuture {
          try attempt.began(channel)
          let pipeline = channel.pipeline.syncOperations
          try pipeline.addHandlers(
            security.makeHandlers(
              serverName: authority.host, server: endpoint.address.description))
          if let lingering { try pipeline.addHandler(LingeringClose(limit: lingering)) }
        }.flatMap {
          configure(NamelessChannel(channel))
        }.flatMapThrowing { configured in
          let pipeline = channel.pipeline.syncOperations
          let http2 = try pipeline.handler(type: NIOHTTP2Handler.self)
          try pipeline.addHandler(
            ConnectionObserver(goAway: goAway, tell: tell), position: .after(http2))
          return configured
        }
      }
      attempt.connected(NamelessChannel.named(configured.channel))
      return configured
    }
    return WrappedChannel(transport, over: attempt.channel)
  }

  private func open<Output: Sendable>(
    _ address: EndpointAddress,
    initializer: @escaping @Sendable (any Channel) -> EventLoopFuture<Output>
  ) async throws -> Output {
    let bootstrap = ClientBootstrap(group: group)
      .channelOption(.socketOption(.so_reuseaddr), value: 1)
      .connectTimeout(TimeAmount(settings.connectTimeout))
    switch address {
    case .ip(let host, let port):
      let tcp = (silence.map(bootstrap.limitingSilence(to:)) ?? bootstrap)
        .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      if let literal = try? SocketAddress(ipAddress: host, port: port) {
        return try await tcp.connect(to: literal, channelInitializer: initializer)
      }
      return try await tcp.connect(host: host, port: port, channelInitializer: initializer)
    case .unix(let path):
      return try await bootstrap.connect(
        unixDomainSocketPath: path, channelInitializer: initializer)
    }
  }
}

extension EndpointAddress {
  /// What stands for a server that nobody has named; `localhost` for a socket in the file system, as
  /// in gRPC.
  fileprivate var authority: String {
    switch self {
    case .ip: description
    case .unix: "localhost"
    }
  }
}
