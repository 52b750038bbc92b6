/// What the demo found: its rows, and whether they bear out what Fairlead promises.
struct DemoReport: Sendable {
  var rows: [DemoRow] = []

  /// How long it took.
  var seconds: Double = 0

  /// What did not hold, one sentence each; empty when all is well.
  var objections: [String] {
    rows.flatMap { row in row.objections.map { "\(row.scene): \($0)." } }
  }

  /// What the table is about, in a line.
  static let introduction = """
    gRPC keeps one connection, Kubernetes balances connections: all calls land on one pod.
    Fairlead balances every call.
    """

  /// How it went, in a line.
  var conclusion: String {
    let good = rows.filter(\.objections.isEmpty).count
    return "\(good) of \(rows.count) as they should be, in \(DemoRow.text(seconds)) s."
  }

  /// The rows as a table for people.
  var lines: [String] {
    var table = TextTable(columns: [
      ("what was done", .left), ("conns", .right), ("calls", .right), ("failed", .right),
      ("calls by pod", .left), ("what it shows", .left),
    ])
    for row in rows {
      table.add([
        row.scene, "\(row.connections)", "\(row.tally.calls)", "\(row.tally.failed)",
        row.callsByPod, row.objections.isEmpty ? row.shows : "NOT AS EXPECTED",
      ])
    }
    return table.lines
  }
}

extension DemoReport: Encodable {
  private enum CodingKeys: String, CodingKey {
    case rows, seconds, held, objections
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(rows, forKey: .rows)
    try container.encode(seconds, forKey: .seconds)
    try container.encode(objections.isEmpty, forKey: .held)
    try container.encode(objections, forKey: .objections)
  }
}
