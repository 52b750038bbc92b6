import FairleadBalancing
import GRPCNIOTransportHTTP2Posix

extension BalancedTransport {
  /// What connections are made with, and the transport's limits. What has a type of grpc-swift's
  /// transport means the same as there. Values out of range are brought to the nearest one within.
  public struct Configuration: Sendable {
    /// Frame and window sizes. `authority`: what requests name as `:authority` and what a server's
    /// certificate has to be for; `nil` takes it from the target, or from the endpoint's address if the
    /// target is a list of addresses.
    public var http2 = HTTP2ClientTransport.Config.HTTP2.defaults
    /// How long to wait before a connection is tried again: 1 s, 1.6 s, 2.56 s … 2 min, ± 20 %.
    public var backoff = HTTP2ClientTransport.Config.Backoff.defaults
    /// Pings that find connections which are dead without a word; off by default (gRFC A8).
    public var keepalive: HTTP2ClientTransport.Config.Keepalive?
    public var compression = HTTP2ClientTransport.Config.Compression.defaults
    /// From the start of an attempt to the server's SETTINGS: 20 s.
    public var connectTimeout = Duration.seconds(20)
    /// How long the first calls wait for the last endpoint to connect once there are some, so that the
    /// first one does not get all of them: 100 ms.
    public var settleTime = Duration.milliseconds(100)
    /// How many connections one endpoint may get when it allows fewer streams on each than there are
    /// calls: 8. Further calls wait for a stream.
    public var maximumConnectionsPerEndpoint = 8
    /// How long such a further connection stays open without a stream: 30 s.
    public var furtherConnectionIdleTime = Duration.seconds(30)
    /// How many calls may wait for an endpoint or a stream: 65,536. Further ones fail at once with
    /// `resourceExhausted`.
    public var maximumWaitingCalls = 65_536
    /// Calls for which there is no endpoint fail with `unavailable` when a server has ended so many connections in a row before
    /// any call, by GOAWAY or without a word, and all other endpoints that are tried did so too or cannot be reached; `nil`: they wait,
    /// as gRPC's clients do. For who makes one call and wants to know.
    package var maximumVainConnections: Int?
    /// Of everything random: jitter, choices, subsets. Another one for each transport by default.
    public var seed = RandomSource.systemSeed()

    public init() {}

    var connectionSettings: ConnectionSettings {
      ConnectionSettings(
        connectTimeout: connectTimeout, maximumFrameSize: http2.maxFrameSize,
        windowSize: min(max(1, http2.targetWindowSize), Int(Int32.max)),
        keepalive: keepalive, compression: compression)
    }

    func channelSettings(_ config: ClientServiceConfig, salt: UInt64) -> ChannelSettings {
      ChannelSettings(
        balancing: config.balancing,
        backoff: Backoff(
          initial: max(.milliseconds(1), backoff.initial), multiplier: backoff.multiplier,
          jitter: backoff.jitter,
          maximum: backoff.max),
        settleTime: settleTime, connectTimeout: connectTimeout,
        maximumConnectionsPerEndpoint: max(1, maximumConnectionsPerEndpoint),
        furtherIdleTime: furtherConnectionIdleTime,
        maximumWaitingCalls: max(1, maximumWaitingCalls),
        maximumVainConnections: maximumVainConnections.map { max(1, $0) },
        healthService: config.healthCheckServiceName, salt: salt)
    }
  }
}
