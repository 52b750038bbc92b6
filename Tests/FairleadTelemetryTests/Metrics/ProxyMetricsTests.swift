import FairleadTelemetry
import Testing

@Suite("Proxy metrics")
struct ProxyMetricsTests {
  private func worker(listener: String, cluster: String, calls: Int) -> ProxyMetrics {
    var downstream = ListenerMetrics(name: listener)
    downstream.connectionOpened()
    downstream.connectionOpened()
    downstream.connectionClosed(.client)
    downstream.limitTripped("header_list_size")
    downstream.protocolErrorSeen()
    var upstream = ClusterMetrics(
      identity: .init(
        cluster: cluster, serviceHost: "greeter", serviceName: "greeter",
        serviceNamespace: "default"))
    for _ in 0..<calls {
      upstream.unassigned.record(.failed(.noHealthyUpstream))
    }
    return ProxyMetrics(listeners: [downstream], clusters: [upstream])
  }

  @Test("add up workers by the names of listeners and clusters")
  func merge() {
    var metrics = ProxyMetrics(version: "1.2.3", workers: 3)
    metrics.merge(worker(listener: "127.0.0.1:1", cluster: "x", calls: 1))
    metrics.merge(worker(listener: "127.0.0.1:1", cluster: "y", calls: 2))
    metrics.merge(worker(listener: "127.0.0.1:2", cluster: "x", calls: 3))
    #expect(metrics.version == "1.2.3")
    #expect(metrics.workers == 3)
    #expect(metrics.listeners.map(\.name) == ["127.0.0.1:1", "127.0.0.1:2"])
    #expect(metrics.listeners.map(\.connectionsOpened) == [4, 2])
    #expect(metrics.listeners.map(\.connectionsActive) == [2, 1])
    #expect(metrics.listeners.map(\.protocolErrors) == [2, 1])
    #expect(metrics.listeners[0].limitsTripped == ["header_list_size": 2])
    #expect(metrics.clusters.map(\.identity.cluster) == ["x", "y"])
    #expect(metrics.clusters.map { $0.calls.outcomes.total } == [4, 2])
  }
}
