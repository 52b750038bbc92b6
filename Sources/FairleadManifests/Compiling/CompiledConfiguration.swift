import FairleadRouting
import HashTreeCollections

/// What the ``Compiler`` makes of a store. Equal stores give equal results.
package struct CompiledConfiguration: Sendable, Hashable {
  package var hosts: VirtualHostTable
  /// By name, in a map that shares what does not change with earlier configurations.
  package var clusters: TreeDictionary<String, Cluster>
  /// By place.
  package var findings: [Finding]
  package var summary: ConfigurationSummary

  package init(
    virtualHosts: [VirtualHost] = [], clusters: [Cluster] = [], findings: [Finding] = [],
    summary: ConfigurationSummary = ConfigurationSummary()
  ) {
    hosts = VirtualHostTable(virtualHosts)
    self.clusters = TreeDictionary(
      clusters.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    self.findings = findings
    self.summary = summary
  }

  /// By namespace, name and port.
  package var virtualHosts: [VirtualHost] { hosts.hosts }

  /// - Parameter changes: what is not as in the Snapshot of the generation before.
  package func snapshot(
    generation: Int, changes: Snapshot.Changes = .everything
  ) -> Snapshot {
    Snapshot(generation: generation, hosts: hosts, clusters: clusters, changes: changes)
  }
}
