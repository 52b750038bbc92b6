import FairleadHTTP2
import NIOCore

/// Everything that a proxy can be told before it starts. The defaults are for a sidecar.
package struct ProxyConfiguration: Sendable {
  /// Where calls for any service are taken, routed by `:authority`; nil for none.
  package var outbound: ListenAddress?
  /// Listeners that stand for one port of one service each.
  package var binds: [Bind] = []
  /// Event loops that carry calls.
  package var workers = 1
  /// How long running calls may take to finish once the proxy was asked to stop.
  package var drainTime = Duration.seconds(30)
  /// How long after the first of two GOAWAYs the second is sent at the latest (gRFC A9).
  package var goAwayPause = Duration.seconds(1)
  /// How long a client may take from connecting to its first complete frame.
  package var handshakeTime = Duration.seconds(10)
  /// How long a connection to an endpoint may take, its SETTINGS included.
  package var connectTime = Duration.seconds(5)
  /// How long an endpoint may leave what it was sent without an acknowledgement by TCP, in whole seconds, before its
  /// connection is given up.
  package var upstreamSilence = Duration.seconds(10)
  /// How long the first calls of a cluster may wait until all its endpoints were tried.
  package var settleTime = Duration.milliseconds(100)
  /// Connections to one endpoint from one worker; more than one only when its stream limit is reached.
  package var maxConnectionsPerEndpoint = 8
  /// Calls that may wait for one cluster, and for a free stream of one endpoint.
  package var maxWaitingCalls = 1024
  /// Connections that clients may have open on one worker.
  package var maxDownstreamConnections = 20_000
  package var downstream = SessionConfiguration()
  package var upstream = endpointSide
  /// For jitter and random choices.
  package var seed: UInt64 = 0

  package init() {}

  /// An endpoint may reset streams as it likes, calls that it refuses for example: many clients share its connection.
  private static let endpointSide: SessionConfiguration = {
    var side = SessionConfiguration()
    side.resets = FrameBudget(burst: 100_000, perSecond: 100_000)
    return side
  }()

  /// A listener for one port of one service.
  package struct Bind: Sendable, Hashable {
    /// `SERVICE:PORT` by any of the service's names.
    package var authority: String
    package var address: ListenAddress

    package init(authority: String, address: ListenAddress) {
      self.authority = authority
      self.address = address
    }
  }

  /// A host and port to listen on; port 0 takes a free one.
  package struct ListenAddress: Sendable, Hashable {
    package var host: String
    package var port: Int

    package init(host: String, port: Int) {
      self.host = host
      self.port = port
    }
  }
}
