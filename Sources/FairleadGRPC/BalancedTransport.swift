import CoreMetrics
import FairleadBalancing
import FairleadDiscovery
import GRPCCore
import GRPCNIOTransportHTTP2Posix
import Logging
import NIOCore
import NIOPosix

/// A transport for grpc-swift that balances each call over all endpoints of a target.
///
/// ```swift
/// try await withGRPCClient(
///   transport: try .balanced(target: "dns:///greeter:50051", security: .plaintext)
/// ) { client in
///   let greeter = Greeter.Client(wrapping: client)
/// }
/// ```
///
/// It resolves and connects while ``connect()`` runs, which `GRPCClient` sees to; calls that begin
/// before that wait. It can be run once. Safe to use from any thread.
public final class BalancedTransport: ClientTransport {
  public typealias Bytes = GRPCNIOTransportBytes

  /// Shared by all calls, as gRPC has one for each target (gRFC A6); `nil` without `retryThrottling`.
  public let retryThrottle: RetryThrottle?
  private let methods: MethodConfigTable
  private let channel: BalancedChannel

  /// - Parameters:
  ///   - target: what to call, in gRPC's syntax: `dns:///greeter:50051`, `ipv4:10.0.0.1:80,10.0.0.2:80`,
  ///     or any scheme of `resolvers`. Without a scheme it is a name for DNS.
  ///   - security: plaintext, TLS or mutual TLS.
  ///   - serviceConfig: how calls are spread, retried and limited in time; `round_robin` without retries
  ///     if nothing is said.
  ///   - resolvers: the schemes that a target can have.
  ///   - logger: told, at level debug, of connections and of calls that wait or fail before they are sent.
  ///   - metrics: what measures calls and connections under gRPC's names, `MetricsSystem.factory` for
  ///     example: `grpc.client.attempt.started`, `grpc.client.attempt.duration` in seconds, and others
  ///     (gRFC A66, A78, A91, A94); nothing by default.
  ///   - eventLoopGroup: what the connections run on.
  /// - Throws: ``FairleadDiscovery/ResolutionFailure`` for a malformed target, ``SecurityError`` for
  ///   files of certificates that cannot be used, ``FairleadBalancing/ServiceConfigError``.
  public init(
    target: String, security: ClientSecurity, serviceConfig: ClientServiceConfig = .init(),
    configuration: Configuration = .init(), resolvers: ResolverRegistry = .standard,
    logger: Logger? = nil, metrics: (any MetricsFactory)? = nil,
    eventLoopGroup: any EventLoopGroup = .singletonMultiThreadedEventLoopGroup
  ) throws {
    try serviceConfig.validate()
    methods = try MethodConfigTable(serviceConfig.methodConfig)
    let parsed = try resolvers.target(target)
    let random = RandomSource(seed: configuration.seed)
    let connector = Connector(
      security: try SecuritySource(security, logger: logger),
      authority: configuration.http2.authority ?? parsed.serviceAuthority?.encodedAuthority,
      settings: configuration.connectionSettings, mark: UnprocessedMark(random: random),
      group: eventLoopGroup)
    channel = BalancedChannel(
      settings: configuration.channelSettings(serviceConfig, salt: random.next()),
      connector: connector,
      resolver: try resolvers.resolver(
        for: parsed, options: DiscoveryOptions(seed: random.next())),
      random: random, loop: eventLoopGroup.next(), log: ChannelLog(logger, target: target),
      metrics: metrics.map { factory in
        ClientMetrics(
          factory: factory, target: target,
          recordsSizes: configuration.compression == .defaults,
          balancing: serviceConfig.balancing)
      })
    retryThrottle = serviceConfig.retryThrottling.map { RetryThrottle(policy: $0) }
  }

  /// The endpoints as they are now, in the order of their source.
  public var endpoints: [EndpointStatus] { channel.status() }

  /// What became of connections, of all endpoints and since the beginning.
  package var connectionTally: ConnectionTally { channel.tally.withLock(\.self) }

  /// Returns when a call would be sent at once. Nothing is sent.
  ///
  /// - Throws: As ``withStream(descriptor:options:_:)``.
  package func becomeReady() async throws {
    let request = CallRequest(hash: CallHash.current, waitsForReady: false)
    channel.unused(try await channel.lease(request))
  }

  /// Resolves, connects, and keeps connected. Returns when ``beginGracefulShutdown()`` was called and
  /// the last call has ended; cancelled, it closes all connections at once, with the calls on them.
  public func connect() async throws {
    await channel.run()
  }

  /// No new calls from now on; ``connect()`` returns when the running ones have ended.
  public func beginGracefulShutdown() {
    channel.beginGracefulShutdown()
  }

  public func config(forMethod descriptor: MethodDescriptor) -> MethodConfig? {
    methods[descriptor]
  }

  /// Chooses an endpoint, opens a stream on a connection to it, and runs `closure` with it.
  ///
  /// - Throws: `RPCError` with `unavailable` if there is no endpoint, or none can be reached and the
  ///   call does not wait for that; `CancellationError` if the task is cancelled while it waits; what
  ///   `closure` throws.
  public func withStream<T: Sendable>(
    descriptor: MethodDescriptor, options: CallOptions,
    _ closure: (_ stream: RPCStream<Inbound, Outbound>, _ context: ClientContext) async throws -> T
  ) async throws -> T {
    let asked = channel.clock.now
    var request = CallRequest(
      hash: CallHash.current, waitsForReady: options.waitForReady ?? false)
    for _ in 0..<BalancedChannel.maximumAttempts {
      let lease = try await channel.lease(request)
      var hasBegun = false
      do {
        return try await lease.child.transport.withStream(
          descriptor: descriptor, options: options
        ) { stream, context in
          hasBegun = true
          let call = CallStream(
            stream, lease: lease, options: options, asked: asked, channel: channel)
          defer { call.close() }
          return try await closure(
            RPCStream(
              descriptor: stream.descriptor, inbound: RPCAsyncSequence(wrapping: call),
              outbound: RPCWriter.Closable(wrapping: CallWriter(call: call))),
            lease.child.context(of: context.descriptor))
        }
      } catch  where !hasBegun {
        // The connection was closing already: nothing was sent, so another one will do.
        channel.unused(lease)
        try Task.checkCancellation()
        request.avoiding = lease.connection.subchannel
      }
    }
    throw channel.noStream
  }
}

extension ClientTransport where Self == BalancedTransport {
  /// A ``BalancedTransport``, in the place of one of grpc-swift's own; see its initializer.
  public static func balanced(
    target: String, security: ClientSecurity, serviceConfig: ClientServiceConfig = .init(),
    configuration: BalancedTransport.Configuration = .init(),
    resolvers: ResolverRegistry = .standard, logger: Logger? = nil,
    metrics: (any MetricsFactory)? = nil,
    eventLoopGroup: any EventLoopGroup = .singletonMultiThreadedEventLoopGroup
  ) throws -> BalancedTransport {
    try BalancedTransport(
      target: target, security: security, serviceConfig: serviceConfig,
      configuration: configuration, resolvers: resolvers, logger: logger,
      metrics: metrics, eventLoopGroup: eventLoopGroup)
  }
}
