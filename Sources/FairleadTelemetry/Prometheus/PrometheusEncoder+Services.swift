/// Istio's metrics, by service.
///
/// Names and labels are those of Istio's proxies with `reporter="source"`, as far as a proxy beside the client knows
/// them. The histograms carry the labels of the service only, not those of the response; sizes are histograms as in
/// Istio. Clusters of one service (its subsets and ports) are added up, for Istio has no label that tells them apart.
extension PrometheusEncoder {
  private struct Service {
    var labels: LabelSet
    var calls = CallCounters()
    var tcp = TCPCounters()
  }

  mutating func writeServices() {
    let services = self.services()
    writeRequests(services)
    let histograms: [(String, String, KeyPath<CallCounters, Histogram>)] = [
      (
        "istio_request_duration_milliseconds", "How long calls took, in milliseconds.",
        \.duration
      ),
      ("istio_request_bytes", "Bytes of request data of a call.", \.requestBytes),
      ("istio_response_bytes", "Bytes of response data of a call.", \.responseBytes),
    ]
    for (name, help, path) in histograms {
      output.family(name, .histogram, help)
      for service in services where service.calls.outcomes.total > 0 {
        output.histogram(name, service.labels, service.calls[keyPath: path])
      }
    }
    writeTCP(services)
  }

  private mutating func writeRequests(_ services: [Service]) {
    output.family("istio_requests_total", .counter, "Calls that ended, by how they ended.")
    for service in services {
      for (kind, count) in service.calls.outcomes.all {
        let labels = service.labels
          .adding("request_protocol", kind.grpcStatus == nil ? "http" : "grpc")
          .adding("response_code", String(kind.httpStatus))
          .adding("grpc_response_status", kind.grpcStatusLabel)
          .adding("response_flags", kind.flag?.rawValue ?? "-")
        output.sample("istio_requests_total", labels, count)
      }
    }
  }

  private mutating func writeTCP(_ services: [Service]) {
    let counters: [(String, String, KeyPath<TCPCounters, UInt64>)] = [
      ("istio_tcp_connections_opened_total", "Balanced connections opened.", \.opened),
      ("istio_tcp_connections_closed_total", "Balanced connections closed.", \.closed),
      (
        "istio_tcp_received_bytes_total", "Bytes from clients on balanced connections.",
        \.bytesReceived
      ),
      ("istio_tcp_sent_bytes_total", "Bytes to clients on balanced connections.", \.bytesSent),
    ]
    for (name, help, path) in counters {
      output.family(name, .counter, help)
      for service in services where service.tcp.opened > 0 {
        let labels = service.labels
          .adding("request_protocol", "tcp")
          .adding("response_flags", "-")
        output.sample(name, labels, service.tcp[keyPath: path])
      }
    }
  }

  /// By host, the calls that belong to no service last, as Istio's `unknown`.
  private func services() -> [Service] {
    var services: [String: Service] = [:]
    for cluster in metrics.clusters {
      let identity = cluster.identity
      var service =
        services[identity.serviceHost]
        ?? Service(
          labels: Self.labels(
            host: identity.serviceHost, name: identity.serviceName,
            namespace: identity.serviceNamespace))
      service.calls += cluster.calls
      service.tcp += cluster.total.tcp
      services[identity.serviceHost] = service
    }
    var unknown = Service(
      labels: Self.labels(host: "unknown", name: "unknown", namespace: "unknown"))
    for listener in metrics.listeners {
      unknown.calls += listener.unrouted
    }
    return services.sorted { $0.key < $1.key }.map(\.value) + [unknown]
  }

  private static func labels(host: String, name: String, namespace: String) -> LabelSet {
    LabelSet([
      ("reporter", "source"),
      ("destination_service", host),
      ("destination_service_name", name),
      ("destination_service_namespace", namespace),
      ("connection_security_policy", "none"),
    ])
  }
}
