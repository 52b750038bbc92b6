/// One consistent configuration: every route's cluster is in it, or is known to be missing.
package struct Snapshot: Sendable {
  /// Grows by one with each Snapshot of a process; 0 is the empty one before any configuration was read.
  package let generation: Int
  package let virtualHosts: [VirtualHost]
  package let clusters: [String: Cluster]
  /// Index into `virtualHosts` by authority.
  private let hostsByDomain: [String: Int]

  package init(generation: Int, virtualHosts: [VirtualHost], clusters: [Cluster]) {
    self.generation = generation
    self.virtualHosts = virtualHosts
    self.clusters = Dictionary(
      clusters.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    var index: [String: Int] = [:]
    for (position, host) in virtualHosts.enumerated() {
      for domain in host.domains where index[domain] == nil {
        index[domain] = position
      }
    }
    hostsByDomain = index
  }

  package static let empty = Snapshot(generation: 0, virtualHosts: [], clusters: [])

  /// The index in `virtualHosts` of the one that an `:authority` names. Case does not matter.
  package func virtualHostIndex(authority: String) -> Int? {
    hostsByDomain[authority] ?? hostsByDomain[authority.lowercased()]
  }
}
