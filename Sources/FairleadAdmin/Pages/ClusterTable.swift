import FairleadTelemetry

/// `/clusters` for people: a line for each cluster and an aligned table of its endpoints under it.
enum ClusterTable {
  private static let titles = [
    "ENDPOINT", "ADDRESS", "STATE", "WEIGHT", "ACTIVE", "TOTAL", "CONNECTIONS", "LABELS",
    "LAST ERROR",
  ]

  static func text(_ clusters: [ClusterStatus]) -> String {
    guard !clusters.isEmpty else {
      return "There are no clusters in the configuration.\n"
    }
    return clusters.map(text).joined(separator: "\n")
  }

  private static func text(_ cluster: ClusterStatus) -> String {
    let head = "\(cluster.name)  \(cluster.policy)  \(cluster.connectivity.rawValue)\n"
    guard !cluster.endpoints.isEmpty else {
      return head + "  no endpoints\n"
    }
    let rows = [titles] + cluster.endpoints.map(cells)
    let widths = titles.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    let lines = rows.map { row in
      let line = zip(row, widths).map { $0.padded(to: $1) }.joined(separator: "  ")
      return "  " + line.withoutTrailingSpaces + "\n"
    }
    return head + lines.joined()
  }

  private static func cells(_ endpoint: EndpointStatus) -> [String] {
    let labels = endpoint.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    return [
      endpoint.name,
      endpoint.address,
      endpoint.state.rawValue,
      String(endpoint.weight),
      String(endpoint.active),
      String(endpoint.total),
      String(endpoint.connections),
      labels.isEmpty ? "-" : labels.joined(separator: ","),
      endpoint.lastError.map(\.onOneLine) ?? "",
    ]
  }
}
