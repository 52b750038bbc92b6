/// Everything a proxy process counts, at one scrape.
///
/// Each worker makes one from copies of its counters, on its own event loop; the scrape adds them up with
/// ``merge(_:)`` and fills in what belongs to the process.
package struct ProxyMetrics: Sendable {
  /// The program's version, for `fairlead_build_info`.
  package var version: String
  /// How many event loops carry calls.
  package var workers: Int
  package var configuration: ConfigurationMetrics
  package var resolvers: [ResolverMetrics]
  /// Empty if the configuration does not come from a Kubernetes API.
  package var watches: [WatchMetrics]
  package var listeners: [ListenerMetrics]
  package var clusters: [ClusterMetrics]

  package init(
    version: String = "",
    workers: Int = 0,
    configuration: ConfigurationMetrics = ConfigurationMetrics(),
    resolvers: [ResolverMetrics] = [],
    watches: [WatchMetrics] = [],
    listeners: [ListenerMetrics] = [],
    clusters: [ClusterMetrics] = []
  ) {
    self.version = version
    self.workers = workers
    self.configuration = configuration
    self.resolvers = resolvers
    self.watches = watches
    self.listeners = listeners
    self.clusters = clusters
  }

  /// Adds a worker's listeners and clusters, matched by name. What belongs to the process stays as it
  /// is.
  package mutating func merge(_ other: ProxyMetrics) {
    var positions = Dictionary(
      listeners.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    for listener in other.listeners {
      if let position = positions[listener.name] {
        listeners[position] += listener
      } else {
        positions[listener.name] = listeners.count
        listeners.append(listener)
      }
    }
    merge(clusters: other.clusters)
  }

  private mutating func merge(clusters others: [ClusterMetrics]) {
    var positions = Dictionary(
      clusters.enumerated().map { ($1.identity.cluster, $0) },
      uniquingKeysWith: { first, _ in first })
    for cluster in others {
      if let position = positions[cluster.identity.cluster] {
        clusters[position] += cluster
      } else {
        positions[cluster.identity.cluster] = clusters.count
        clusters.append(cluster)
      }
    }
  }
}
