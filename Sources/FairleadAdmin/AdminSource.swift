import FairleadRouting
import FairleadTelemetry

/// Where the admin pages take what they show.
///
/// Asked once for each request, from any thread. An answer that has to wait for every worker may take its time: only the
/// one who asked waits.
package protocol AdminSource: Sendable {
  /// Whether the proxy takes calls.
  func readiness() async -> Readiness
  /// The counters of all workers, added up.
  func metrics() async -> ProxyMetrics
  /// The clusters of the snapshot in force, those of all workers merged.
  func clusters() async -> [ClusterStatus]
  /// The configuration in force and what became of the last reading.
  func configuration() async -> ConfigurationStatus
}
