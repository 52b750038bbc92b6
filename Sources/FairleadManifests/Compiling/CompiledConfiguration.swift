import FairleadRouting

/// What the ``Compiler`` makes of a store. Equal stores give equal results.
package struct CompiledConfiguration: Sendable, Hashable {
  /// By namespace, name and port.
  package var virtualHosts: [VirtualHost]
  /// By name.
  package var clusters: [Cluster]
  /// By place.
  package var findings: [Finding]
  package var summary: ConfigurationSummary

  package init(
    virtualHosts: [VirtualHost], clusters: [Cluster], findings: [Finding],
    summary: ConfigurationSummary
  ) {
    self.virtualHosts = virtualHosts
    self.clusters = clusters
    self.findings = findings
    self.summary = summary
  }

  package func snapshot(generation: Int) -> Snapshot {
    Snapshot(generation: generation, virtualHosts: virtualHosts, clusters: clusters)
  }
}
