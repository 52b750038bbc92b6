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

  /// The index in `virtualHosts` of the one that an `:authority` names. Case does not matter, nor the dot that ends an
  /// absolute name.
  package func virtualHostIndex(authority: String) -> Int? {
    hostsByDomain[authority] ?? hostsByDomain[Self.normalized(authority)]
  }

  private static func normalized(_ authority: String) -> String {
    var parts = authority.lowercased().split(
      separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    if let name = parts.first, name.hasSuffix("."), name.count > 1 {
      parts[0] = name.dropLast()
    }
    return parts.joined(separator: ":")
  }
}
