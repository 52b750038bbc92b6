import FairleadBalancing

/// What a log at level debug is told, so that it says why a call waited or failed.
///
/// Endpoints are named by address.
enum ChannelEvent: Sendable, Hashable {
  case resolved(count: Int, used: Int)
  case resolutionFailed(String)
  case connecting(String)
  case connected(String)
  case connectFailed(String, error: String)
  case disconnected(String, reason: String)
  case unhealthy(String, reason: String)
  case healthy(String)
  case drained(String)
  /// Load reports of all that are ready were looked at; for metrics, as it comes every second.
  case weighed([ReportedWeight])
  case outlier(String, OutlierVerdict)
  /// All connections carry as many streams as they may: one more is opened.
  case full(String, connections: Int)
  /// A connection beside others had no call for a time: it is closed.
  case idle(String)
  case waits(reason: String)
}
