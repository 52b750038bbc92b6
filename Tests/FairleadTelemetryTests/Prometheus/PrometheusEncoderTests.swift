import FairleadTelemetry
import Testing

@Suite("Prometheus text")
struct PrometheusEncoderTests {
  /// Two subsets of one service and one other service, as a worker would have counted them.
  private func metrics() -> ProxyMetrics {
    var pod = EndpointMetrics()
    pod.connectionOpened()
    pod.callBegan()
    pod.callBegan()
    pod.callEnded(.served)
    var refusing = EndpointMetrics()
    refusing.connectFailed()
    refusing.callBegan()
    refusing.callRetried(.connectFailure)
    refusing.tcp.connectionOpened()
    refusing.tcp.transferred(received: 10, sent: 3)
    var first = ClusterMetrics(
      identity: identity(subset: "v1"),
      endpoints: [
        .init(name: "pod-b", address: "10.0.0.2:80", metrics: refusing),
        .init(name: "pod-a", address: "10.0.0.1:80", metrics: pod),
      ])
    first.unassigned.record(.failed(.noHealthyUpstream))
    first.depart(pod)
    let second = ClusterMetrics(
      identity: identity(subset: "v2"),
      endpoints: [.init(name: "pod-c", address: "10.0.0.3:80", metrics: pod)])
    var listener = ListenerMetrics(name: "127.0.0.1:15001")
    listener.connectionOpened()
    listener.connectionClosed(.limit)
    listener.limitTripped("stream_resets")
    listener.unrouted.record(.failed(.noRoute, grpcStatus: 12))
    return ProxyMetrics(
      version: "0.1.0", workers: 2,
      configuration: ConfigurationMetrics(
        generation: 3, applied: 3, refused: 1, lastAppliedSeconds: 1_700_000_000.25),
      listeners: [listener], clusters: [second, first])
  }

  private func identity(subset: String) -> ClusterMetrics.Identity {
    ClusterMetrics.Identity(
      cluster: "outbound|80|\(subset)|greeter.default.svc.cluster.local",
      serviceHost: "greeter.default.svc.cluster.local", serviceName: "greeter",
      serviceNamespace: "default", subset: subset)
  }

  @Test("of nothing is well formed")
  func empty() throws {
    let document = try PrometheusDocument(PrometheusEncoder.encode(ProxyMetrics(version: "0.1.0")))
    #expect(document.samples["fairlead_build_info{version=\"0.1.0\"}"] == "1")
    #expect(document.samples["fairlead_config_generation"] == "0")
    #expect(document.samples["fairlead_config_last_applied_timestamp_seconds"] == nil)
  }

  @Test("has no series twice, and its counters are named as counters")
  func wellFormed() throws {
    let document = try PrometheusDocument(PrometheusEncoder.encode(metrics()))
    for (family, type) in document.types {
      #expect(family.hasSuffix("_total") == (type == "counter"), "\(family)")
    }
  }

  @Test("adds up the subsets of a service under Istio's names, those that left included")
  func istio() throws {
    let document = try PrometheusDocument(PrometheusEncoder.encode(metrics()))
    let series =
      "istio_requests_total{reporter=\"source\","
      + "destination_service=\"greeter.default.svc.cluster.local\","
      + "destination_service_name=\"greeter\",destination_service_namespace=\"default\","
      + "connection_security_policy=\"none\",request_protocol=\"grpc\",response_code=\"200\","
      + "grpc_response_status=\"0\",response_flags=\"-\"}"
    #expect(document.samples[series] == "3")
    let unavailable = try document.value(
      "istio_requests_total", "grpc_response_status=\"14\"", "response_flags=\"UH\"")
    #expect(unavailable == "1")
    let unknown = try document.value(
      "istio_requests_total", "destination_service=\"unknown\"", "response_flags=\"NR\"")
    #expect(unknown == "1")
    #expect(try document.value("istio_tcp_received_bytes_total", "greeter") == "10")
    #expect(try document.value("istio_tcp_sent_bytes_total", "greeter") == "3")
  }

  @Test("writes a histogram cumulatively, up to all values in +Inf")
  func histogram() throws {
    let document = try PrometheusDocument(PrometheusEncoder.encode(metrics()))
    let name = "istio_request_duration_milliseconds"
    let greeter = "destination_service_name=\"greeter\""
    // One call took 0.3 ms, three took 2 ms.
    #expect(try document.value("\(name)_bucket", greeter, "le=\"0.5\"") == "1")
    #expect(try document.value("\(name)_bucket", greeter, "le=\"1\"") == "1")
    #expect(try document.value("\(name)_bucket", greeter, "le=\"5\"") == "4")
    #expect(try document.value("\(name)_bucket", greeter, "le=\"3600000\"") == "4")
    #expect(try document.value("\(name)_bucket", greeter, "le=\"+Inf\"") == "4")
    #expect(try document.value("\(name)_sum", greeter) == "6.3")
    #expect(try document.value("\(name)_count", greeter) == "4")
  }

  @Test("tells the pods of a cluster apart")
  func endpoints() throws {
    let document = try PrometheusDocument(PrometheusEncoder.encode(metrics()))
    let pod = "endpoint=\"pod-a\""
    #expect(
      try document.value("fairlead_upstream_requests_total", pod, "grpc_status=\"0\"") == "1")
    #expect(try document.value("fairlead_upstream_active_streams", pod) == "1")
    #expect(try document.value("fairlead_upstream_connections_active", pod) == "1")
    let refusing = "address=\"10.0.0.2:80\""
    #expect(try document.value("fairlead_upstream_connect_failures_total", refusing) == "1")
    #expect(
      try document.value(
        "fairlead_upstream_retries_total", refusing, "cause=\"connect_failure\"") == "1")
    #expect(
      try document.value("fairlead_upstream_tcp_connections_active", refusing) == "1")
  }

  @Test("says why clients were closed and calls went nowhere")
  func listeners() throws {
    let document = try PrometheusDocument(PrometheusEncoder.encode(metrics()))
    let prefix = "fairlead_downstream_"
    #expect(
      try document.value("\(prefix)connections_closed_total", "reason=\"limit\"") == "1")
    #expect(
      try document.value("\(prefix)connections_closed_total", "reason=\"client\"") == "0")
    #expect(try document.value("\(prefix)connections_active") == "0")
    #expect(
      try document.value("\(prefix)limits_tripped_total", "limit=\"stream_resets\"") == "1")
    #expect(
      try document.value(
        "\(prefix)unrouted_requests_total", "response_flags=\"NR\"", "grpc_status=\"12\"") == "1")
    #expect(
      document.samples["fairlead_config_last_applied_timestamp_seconds"] == "1700000000.25")
  }

  @Test("is the same whatever the order of clusters and endpoints")
  func deterministic() {
    var shuffled = metrics()
    shuffled.clusters.reverse()
    for index in shuffled.clusters.indices {
      shuffled.clusters[index].endpoints.reverse()
    }
    #expect(PrometheusEncoder.encode(shuffled) == PrometheusEncoder.encode(metrics()))
  }

  @Test("escapes what would end a label early")
  func escaping() throws {
    let cluster = ClusterMetrics(
      identity: identity(subset: ""),
      endpoints: [
        .init(name: "a\"b\\c\nd", address: "é", metrics: EndpointMetrics())
      ])
    let text = PrometheusEncoder.encode(ProxyMetrics(clusters: [cluster]))
    let document = try PrometheusDocument(text)
    let value = try document.value(
      "fairlead_upstream_active_streams", #"endpoint="a\"b\\c\nd",address="é""#)
    #expect(value == "0")
  }

  @Test("resolvers tell their age, endpoints and trouble; without an answer there is no age")
  func resolvers() throws {
    let metrics = ProxyMetrics(resolvers: [
      ResolverMetrics(target: "etcd:///b", endpoints: 0, ageSeconds: nil, isFailing: true),
      ResolverMetrics(target: "dns:///a", endpoints: 3, ageSeconds: 1.5, isFailing: false),
    ])
    let document = try PrometheusDocument(PrometheusEncoder.encode(metrics))
    #expect(try document.value("fairlead_resolver_age_seconds", #"target="dns:///a""#) == "1.5")
    #expect(try document.value("fairlead_resolver_endpoints", #"target="dns:///a""#) == "3")
    #expect(try document.value("fairlead_resolver_failing", #"target="dns:///a""#) == "0")
    #expect(try document.value("fairlead_resolver_failing", #"target="etcd:///b""#) == "1")
    #expect(document.order.count { $0.hasPrefix("fairlead_resolver_age_seconds") } == 1)
    #expect(document.types["fairlead_kubernetes_synced"] == nil)
  }

  @Test("each kind in the Kubernetes API tells how far it is followed")
  func watches() throws {
    let metrics = ProxyMetrics(watches: [
      WatchMetrics(
        kind: "Service", isSynced: true, isFailing: false, objects: 5, open: 2, events: 7,
        lists: 3, failures: 1)
    ])
    let document = try PrometheusDocument(PrometheusEncoder.encode(metrics))
    let values = [
      "synced", "failing", "objects", "watches", "events_total", "lists_total", "failures_total",
    ]
    #expect(
      try values.map { try document.value("fairlead_kubernetes_\($0)", #"kind="Service""#) }
        == ["1", "0", "5", "2", "7", "3", "1"])
    #expect(document.types["fairlead_resolver_failing"] == nil)
  }
}
