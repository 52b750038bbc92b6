import FairleadBalancing

/// What a channel waits for. A timer that is set again begins anew.
enum ChannelTimer: Sendable, Hashable {
  /// The backoff of a subchannel.
  case retry(SubchannelID)
  /// The first calls wait for all endpoints to connect.
  case settle
  /// The head start of one attempt before the next one (RFC 8305).
  case attempt
  /// Outlier detection looks at its counters.
  case sweepOutliers
  /// Weights depend on time.
  case refresh
  /// Another connection may be tried, for calls that wait for a stream.
  case grow(SubchannelID)
  /// A connection beside others has no call.
  case idle(ConnectionID)
  /// A connection has to be ready by then.
  case connect(ConnectionID)
}
