import FairleadAdmin
import FairleadBalancing
import FairleadRouting
import FairleadTelemetry

/// Answers what it was given.
struct FixedSource: AdminSource {
  var isReady: Readiness = .ready
  var counted = ProxyMetrics(version: "0.1.0")
  var states: [ClusterStatus] = []
  var status = ConfigurationStatus(snapshot: .empty)

  func readiness() async -> Readiness { isReady }
  func metrics() async -> ProxyMetrics { counted }
  func clusters() async -> [ClusterStatus] { states }
  func configuration() async -> ConfigurationStatus { status }
}

extension ConfigurationStatus {
  /// One service, 90 % to v1 and 10 % to v2, one pod each.
  static var greeter: ConfigurationStatus {
    let service = ServiceIdentity(
      host: "greeter.default.svc.cluster.local", name: "greeter", namespace: "default")
    let clusters = ["v1", "v2"].map { subset in
      Cluster(
        service: service, port: 80, subset: subset, policyName: "round_robin",
        endpoints: EndpointSet([
          Endpoint(
            address: .ip(host: "127.0.0.1", port: 9001), name: "greeter-\(subset)",
            labels: ["version": subset])
        ]))
    }
    let host = VirtualHost(
      service: service, port: 80, domains: ["greeter", "greeter:80"],
      balancing: .rpc(fallback: .random),
      routes: [
        Route(
          name: "VirtualService default/greeter http[0]",
          split: [
            WeightedDestination(clusterName: clusters[0].name, weight: 90),
            WeightedDestination(clusterName: clusters[1].name, weight: 10),
          ])
      ])
    return ConfigurationStatus(
      snapshot: Snapshot(generation: 7, virtualHosts: [host], clusters: clusters),
      readAt: "2001-02-03T04:05:06Z", appliedAt: "2001-02-03T04:05:07Z",
      refused: ["weight is below 0"], findings: ["nobody calls it"])
  }
}
