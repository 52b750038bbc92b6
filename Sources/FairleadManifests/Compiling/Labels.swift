import FairleadBalancing

/// What labels mean.
enum Labels {
  /// Whether labels have every label of a selector.
  static func match(_ selector: [String: String], _ labels: [String: String]) -> Bool {
    selector.allSatisfy { labels[$0.key] == $0.value }
  }

  /// Where a pod runs, by Kubernetes' well-known labels; `nil` if nothing says so.
  static func locality(_ labels: [String: String], zone: String?) -> Locality? {
    let region = labels["topology.kubernetes.io/region"] ?? ""
    let zone = zone ?? labels["topology.kubernetes.io/zone"] ?? ""
    return region.isEmpty && zone.isEmpty ? nil : Locality(region: region, zone: zone)
  }
}
