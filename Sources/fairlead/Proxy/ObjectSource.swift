import FairleadConfiguration
import FairleadTelemetry

/// Where the objects of a proxy's configuration come from.
protocol ObjectSource: Sendable {
  /// Called once, before anything runs. Throws when it is certain that there is no configuration.
  func start(feeding controller: ConfigurationController) throws
  /// Tells changes until the proxy is asked to stop.
  func run(feeding controller: ConfigurationController, status: ProxyStatus) async throws
  /// How far each kind is followed in a Kubernetes API; empty for another source.
  var watches: [WatchMetrics] { get }
}
