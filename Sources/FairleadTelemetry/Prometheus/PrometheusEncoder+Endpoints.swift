/// By cluster and endpoint: is each pod given its share, and how does it do?
extension PrometheusEncoder {
  /// An endpoint's counts under its labels.
  private struct Row {
    let labels: LabelSet
    let metrics: EndpointMetrics
  }

  mutating func writeEndpoints() {
    let rows = self.rows()
    writeRequests(rows)
    writeConnections(rows)
    writeRetries(rows)
    writeTCP(rows)
  }

  private mutating func writeRequests(_ rows: [Row]) {
    let requests = "fairlead_upstream_requests_total"
    output.family(requests, .counter, "Calls that an endpoint was given and that ended there.")
    for row in rows {
      writeOutcomes(requests, row.labels, row.metrics.calls.outcomes)
    }
    writeGauge("fairlead_upstream_active_streams", "Calls that run.", rows) {
      $0.calls.active
    }
    let duration = "fairlead_upstream_request_duration_milliseconds"
    output.family(duration, .histogram, "How long calls took, in milliseconds.")
    for row in rows where row.metrics.calls.outcomes.total > 0 {
      output.histogram(duration, row.labels, row.metrics.calls.duration)
    }
    writeCounter("fairlead_upstream_request_bytes_total", "Bytes of request data.", rows) {
      UInt64($0.calls.requestBytes.sum)
    }
    writeCounter("fairlead_upstream_response_bytes_total", "Bytes of response data.", rows) {
      UInt64($0.calls.responseBytes.sum)
    }
  }

  private mutating func writeConnections(_ rows: [Row]) {
    writeCounter(
      "fairlead_upstream_connections_opened_total", "HTTP/2 connections opened.", rows
    ) { $0.connectionsOpened }
    writeGauge(
      "fairlead_upstream_connections_active", "HTTP/2 connections that are open.", rows
    ) { Int($0.connectionsActive) }
    writeCounter(
      "fairlead_upstream_connect_failures_total", "Connections that failed to open.", rows
    ) { $0.connectFailures }
  }

  private mutating func writeRetries(_ rows: [Row]) {
    let name = "fairlead_upstream_retries_total"
    output.family(name, .counter, "Attempts given up here, whose calls went on elsewhere.")
    for row in rows {
      for cause in RetryCause.allCases {
        output.sample(name, row.labels.adding("cause", cause.rawValue), row.metrics.retries[cause])
      }
    }
  }

  private mutating func writeTCP(_ rows: [Row]) {
    let rows = rows.filter { $0.metrics.tcp.opened > 0 }
    writeCounter(
      "fairlead_upstream_tcp_connections_opened_total", "Balanced connections opened.", rows
    ) { $0.tcp.opened }
    writeGauge(
      "fairlead_upstream_tcp_connections_active", "Balanced connections that are open.", rows
    ) { Int($0.tcp.active) }
  }

  private mutating func writeCounter(
    _ name: String, _ help: String, _ rows: [Row], _ value: (EndpointMetrics) -> UInt64
  ) {
    output.family(name, .counter, help)
    for row in rows {
      output.sample(name, row.labels, value(row.metrics))
    }
  }

  private mutating func writeGauge(
    _ name: String, _ help: String, _ rows: [Row], _ value: (EndpointMetrics) -> Int
  ) {
    output.family(name, .gauge, help)
    for row in rows {
      output.sample(name, row.labels, value(row.metrics))
    }
  }

  private func rows() -> [Row] {
    metrics.clusters.flatMap { cluster in
      cluster.endpoints.map { endpoint in
        Row(
          labels: LabelSet([
            ("cluster", cluster.identity.cluster),
            ("subset", cluster.identity.subset),
            ("endpoint", endpoint.name),
            ("address", endpoint.address),
          ]),
          metrics: endpoint.metrics)
      }
    }
  }
}
