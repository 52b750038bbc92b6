/// The clients' side, by listener.
extension PrometheusEncoder {
  mutating func writeListeners() {
    let rows = metrics.listeners.map {
      (labels: LabelSet([("listener", $0.name)]), metrics: $0)
    }
    let opened = "fairlead_downstream_connections_opened_total"
    output.family(opened, .counter, "Connections accepted.")
    for row in rows {
      output.sample(opened, row.labels, row.metrics.connectionsOpened)
    }
    let active = "fairlead_downstream_connections_active"
    output.family(active, .gauge, "Connections that are open.")
    for row in rows {
      output.sample(active, row.labels, row.metrics.connectionsActive)
    }
    let closed = "fairlead_downstream_connections_closed_total"
    output.family(closed, .counter, "Connections closed, by reason.")
    for row in rows {
      for reason in CloseReason.allCases {
        let count = row.metrics.connectionsClosed[reason] ?? 0
        output.sample(closed, row.labels.adding("reason", reason.rawValue), count)
      }
    }
    let errors = "fairlead_downstream_protocol_errors_total"
    output.family(errors, .counter, "HTTP/2 connection errors that clients caused.")
    for row in rows {
      output.sample(errors, row.labels, row.metrics.protocolErrors)
    }
    let limits = "fairlead_downstream_limits_tripped_total"
    output.family(limits, .counter, "How often clients went over a limit, by limit.")
    for row in rows {
      for (limit, count) in row.metrics.limitsTripped.sorted(by: { $0.key < $1.key }) {
        output.sample(limits, row.labels.adding("limit", limit), count)
      }
    }
    let unrouted = "fairlead_downstream_unrouted_requests_total"
    output.family(unrouted, .counter, "Calls that belong to no cluster, by how they ended.")
    for row in rows {
      writeOutcomes(unrouted, row.labels, row.metrics.unrouted.outcomes)
    }
  }
}
