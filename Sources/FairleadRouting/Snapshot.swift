import HashTreeCollections

/// One consistent configuration: every route's cluster is in it, or is known to be missing.
///
/// Clusters are in a persistent map: a Snapshot that differs from the one before in a few clusters shares the rest with it.
package struct Snapshot: Sendable {
  /// Grows by one with each Snapshot of a process; 0 is the empty one before any configuration was read.
  package let generation: Int
  package let clusters: TreeDictionary<String, Cluster>
  /// What is not as it was in the Snapshot of generation − 1.
  package let changes: Changes
  private let table: VirtualHostTable

  package enum Changes: Sendable, Hashable {
    /// Anything may be different.
    case everything
    /// Only the endpoints of these clusters, and what follows from them, their policy by weights for example. Virtual hosts
    /// are the same, at the same indexes, and there are the same clusters.
    case endpoints(of: Set<String>)
  }

  package init(
    generation: Int, hosts: VirtualHostTable, clusters: TreeDictionary<String, Cluster>,
    changes: Changes = .everything
  ) {
    self.generation = generation
    self.clusters = clusters
    self.changes = changes
    table = hosts
  }

  /// - Parameter clusters: of two with one name the first is used.
  package init(generation: Int, virtualHosts: [VirtualHost], clusters: [Cluster]) {
    self.init(
      generation: generation, hosts: VirtualHostTable(virtualHosts),
      clusters: TreeDictionary(
        clusters.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first }))
  }

  package static let empty = Snapshot(generation: 0, virtualHosts: [], clusters: [])

  package var virtualHosts: [VirtualHost] { table.hosts }

  /// The index in `virtualHosts` of the one that an `:authority` names. Case does not matter, nor the dot that ends an
  /// absolute name.
  package func virtualHostIndex(authority: String) -> Int? {
    table.index(authority: authority)
  }
}
