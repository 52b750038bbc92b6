import FairleadBalancing

/// What a ``ChannelMachine`` goes by.
struct ChannelSettings: Sendable {
  var balancing: BalancingConfiguration
  var backoff: Backoff
  var settleTime: Duration
  /// From the start of an attempt to the peer's SETTINGS.
  var connectTimeout: Duration
  var maximumConnectionsPerEndpoint: Int
  /// A connection that was opened because others were full closes when it had no call for so long.
  var furtherIdleTime: Duration
  var maximumWaitingCalls: Int
  /// When so many connections in a row were ended by their server before a call, calls that have no endpoint fail; `nil`: they
  /// wait.
  var maximumVainConnections: Int?
  /// The service whose health decides about an endpoint (gRFC A17); `nil`: all that connect serve.
  var healthService: String?
  /// This client's own, for subsets and shuffling.
  var salt: UInt64

  /// How often servers report their load on a stream of its own; `nil`: with each call, if they do.
  var loadReportPeriod: Duration? {
    (balancing.policy as? WeightedRoundRobinPolicy)?.outOfBandPeriod
  }

  /// How many streams of each connection are not for calls.
  var sideStreams: Int {
    (healthService == nil ? 0 : 1) + (loadReportPeriod == nil ? 0 : 1)
  }

  /// After a further connection to an endpoint failed, how long none is tried.
  let growthBackoff = Duration.seconds(1)
}
