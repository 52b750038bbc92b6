/// Writes ``ProxyMetrics`` as Prometheus scrapes them, in text format 0.0.4.
///
/// The same metrics always give the same text: families stand in a fixed order, and their samples in the order of
/// cluster, endpoint and label.
package struct PrometheusEncoder: Sendable {
  /// The `content-type` of the text.
  package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

  let metrics: ProxyMetrics
  var output = PrometheusText()

  private init(_ metrics: ProxyMetrics) {
    self.metrics = metrics
  }

  package static func encode(_ metrics: ProxyMetrics) -> String {
    var sorted = metrics
    sorted.listeners.sort { $0.name < $1.name }
    sorted.clusters.sort { $0.identity.cluster < $1.identity.cluster }
    sorted.resolvers.sort { $0.target < $1.target }
    sorted.watches.sort { $0.kind < $1.kind }
    for index in sorted.clusters.indices {
      sorted.clusters[index].endpoints.sort { ($0.name, $0.address) < ($1.name, $1.address) }
    }
    var encoder = PrometheusEncoder(sorted)
    encoder.writeServices()
    encoder.writeClusters()
    encoder.writeEndpoints()
    encoder.writeListeners()
    encoder.writeResolvers()
    encoder.writeWatches()
    encoder.writeProcess()
    return encoder.output.text
  }
}

extension PrometheusEncoder {
  private mutating func writeProcess() {
    let configuration = metrics.configuration
    output.family(
      "fairlead_config_generation", .gauge, "Generation of the configuration in force.")
    output.sample("fairlead_config_generation", .none, configuration.generation)
    output.family(
      "fairlead_config_applied_total", .counter, "Configurations that came into force.")
    output.sample("fairlead_config_applied_total", .none, configuration.applied)
    output.family(
      "fairlead_config_refused_total", .counter, "Configurations refused as invalid.")
    output.sample("fairlead_config_refused_total", .none, configuration.refused)
    if let seconds = configuration.lastAppliedSeconds {
      let name = "fairlead_config_last_applied_timestamp_seconds"
      output.family(name, .gauge, "When the configuration in force came into force.")
      output.sample(name, .none, seconds)
    }
    output.family("fairlead_workers", .gauge, "Event loops that carry calls.")
    output.sample("fairlead_workers", .none, metrics.workers)
    output.family("fairlead_build_info", .gauge, "Always 1; the version is a label.")
    output.sample("fairlead_build_info", LabelSet([("version", metrics.version)]), 1)
  }
}
