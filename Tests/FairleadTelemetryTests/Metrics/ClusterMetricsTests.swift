import FairleadTelemetry
import Testing

@Suite("Cluster metrics")
struct ClusterMetricsTests {
  private let identity = ClusterMetrics.Identity(
    cluster: "outbound|80||greeter.default.svc.cluster.local",
    serviceHost: "greeter.default.svc.cluster.local", serviceName: "greeter",
    serviceNamespace: "default")

  private func served(_ calls: Int) -> EndpointMetrics {
    var metrics = EndpointMetrics()
    for _ in 0..<calls {
      metrics.callBegan()
      metrics.callEnded(.served)
    }
    return metrics
  }

  @Test("count what endpoints did after they have left")
  func departed() {
    var cluster = ClusterMetrics(
      identity: identity,
      endpoints: [.init(name: "a", address: "10.0.0.1:80", metrics: served(2))])
    cluster.unassigned.record(.failed(.noHealthyUpstream))
    #expect(cluster.calls.outcomes.total == 3)
    cluster.endpoints = []
    cluster.depart(served(2))
    #expect(cluster.calls.outcomes.total == 3)
    #expect(cluster.total.calls.outcomes.total == 2)
  }

  @Test("are added up by the endpoints' addresses")
  func merge() {
    var cluster = ClusterMetrics(
      identity: identity,
      endpoints: [
        .init(name: "a", address: "10.0.0.1:80", metrics: served(1)),
        .init(name: "b", address: "10.0.0.2:80", metrics: served(2)),
      ])
    var other = ClusterMetrics(
      identity: identity,
      endpoints: [
        .init(name: "b", address: "10.0.0.2:80", metrics: served(3)),
        .init(name: "c", address: "10.0.0.3:80", metrics: served(4)),
      ])
    other.unassigned.callBegan()
    cluster += other
    #expect(cluster.endpoints.map(\.address) == ["10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80"])
    #expect(cluster.endpoints.map { $0.metrics.calls.outcomes.total } == [1, 5, 4])
    #expect(cluster.unassigned.active == 1)
  }
}
