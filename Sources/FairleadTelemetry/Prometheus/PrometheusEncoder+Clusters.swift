/// What belongs to a cluster and to none of its endpoints.
extension PrometheusEncoder {
  mutating func writeClusters() {
    let clusters = metrics.clusters.map { cluster in
      (
        metrics: cluster,
        labels: LabelSet([
          ("cluster", cluster.identity.cluster), ("subset", cluster.identity.subset),
        ])
      )
    }
    output.family(
      "fairlead_cluster_endpoints", .gauge, "Endpoints of the cluster, those that drain included.")
    for cluster in clusters {
      output.sample(
        "fairlead_cluster_endpoints", cluster.labels, cluster.metrics.endpoints.count)
    }
    output.family(
      "fairlead_cluster_waiting_calls", .gauge, "Calls that wait for an endpoint.")
    for cluster in clusters {
      output.sample(
        "fairlead_cluster_waiting_calls", cluster.labels, cluster.metrics.unassigned.active)
    }
    let name = "fairlead_cluster_unassigned_requests_total"
    output.family(name, .counter, "Calls that ended without an endpoint, by how they ended.")
    for cluster in clusters {
      writeOutcomes(name, cluster.labels, cluster.metrics.unassigned.outcomes)
    }
  }

  /// One sample for each way in which calls ended.
  mutating func writeOutcomes(_ name: String, _ labels: LabelSet, _ outcomes: OutcomeCounts) {
    for (kind, count) in outcomes.all {
      let labels =
        labels
        .adding("grpc_status", kind.grpcStatusLabel)
        .adding("response_code", String(kind.httpStatus))
        .adding("response_flags", kind.flag?.rawValue ?? "-")
      output.sample(name, labels, count)
    }
  }
}
