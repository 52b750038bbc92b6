import FairleadRouting
import HashTreeCollections

/// What the ``Compiler`` makes of a store. Equal stores give equal results.
package struct CompiledConfiguration: Sendable, Hashable {
  package private(set) var hosts: VirtualHostTable
  /// By name, in a map that shares with earlier configurations what is the same.
  package private(set) var clusters: TreeDictionary<String, Cluster> = [:]
  package private(set) var summary: ConfigurationSummary
  private var found: CompiledFindings
  private var addresses = AddressCount()

  /// Without anything.
  package init() {
    self.init(ConfigurationPlan())
  }

  /// A plan without a single cluster.
  init(_ plan: ConfigurationPlan) {
    hosts = plan.hosts
    found = CompiledFindings(plan: plan.findings)
    summary = ConfigurationSummary(services: plan.services.count, routes: plan.routeCount)
  }

  /// Takes another plan; its services are still to be put and removed.
  mutating func adopt(_ plan: ConfigurationPlan) {
    hosts = plan.hosts
    found.replacePlan(by: plan.findings)
    summary.services = plan.services.count
    summary.routes = plan.routeCount
  }

  /// By namespace, name and port.
  package var virtualHosts: [VirtualHost] { hosts.hosts }

  /// By place. Put together when it is asked for, which takes time by the number of findings.
  package var findings: [Finding] { found.all }

  /// How many findings there are, those above the limit too, at no cost.
  package var findingCount: Int { found.count }

  /// - Parameter changes: what is not as in the Snapshot of the generation before.
  package func snapshot(
    generation: Int, changes: Snapshot.Changes = .everything
  ) -> Snapshot {
    Snapshot(generation: generation, hosts: hosts, clusters: clusters, changes: changes)
  }

  /// Takes out the clusters of a service that is no more, or is planned anew.
  mutating func remove(_ plan: ServicePlan) {
    found.replace(of: plan.service.identity.host, by: FindingList())
    for cluster in plan.clusters {
      let old = clusters.removeValue(forKey: cluster.name)
      addresses.replace(old?.endpoints, by: .empty)
    }
    summary.endpoints = addresses.count
  }

  /// Puts the clusters of one service, by its host, in the place of those of the same names.
  ///
  /// - Returns: the names of those that differ.
  @discardableResult
  mutating func put(_ built: ClusterBuilder.Result, host: String) -> [String] {
    found.replace(of: host, by: built.findings)
    var changed: [String] = []
    for cluster in built.clusters {
      let old = clusters[cluster.name]
      guard old != cluster else { continue }
      clusters[cluster.name] = cluster
      addresses.replace(old?.endpoints, by: cluster.endpoints)
      changed.append(cluster.name)
    }
    summary.endpoints = addresses.count
    return changed
  }
}
