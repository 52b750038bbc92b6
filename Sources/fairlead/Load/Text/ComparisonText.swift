import FairleadLoad

/// All runs of a report in one table: what each reached, and its calls by backend.
struct ComparisonText: Sendable {
  let report: LoadReport
  let style: TextStyle

  var lines: [String] {
    let shown = ShownBackends(of: report, limit: backendColumns)
    var columns: [(title: String, alignment: TextTable.Alignment)] = [
      ("run", .left), ("calls/s", .right),
    ]
    if isWide { columns += [("failed", .right), ("p50", .right), ("p99", .right)] }
    columns.append(("max/mean", .right))
    columns += shown.names.map { (PeerText.end(of: $0, limit: nameWidth), .right) }
    columns += [shown.others].compactMap(\.self).map { ($0, .right) }
    var table = TextTable(columns: columns)
    for run in report.runs {
      table.add(row(of: run) + shown.cells(of: run))
    }
    let lines = table.trimmedLines
    return [style.painted("calls by backend", .title)] + TextBlock.indented(lines)
  }

  private func row(of run: LoadRun) -> [String] {
    func time(_ percentile: Double) -> String {
      run.latency?.seconds(at: percentile).map(NumberText.time) ?? "–"
    }
    let speed = [NumberText.count(run.failed), time(50), time(99)]
    return [name(of: run), NumberText.rate(run.callsPerSecond)]
      + (isWide ? speed : [])
      + [run.skew.map { NumberText.decimal($0.maxOverMean, digits: 2) } ?? "–"]
  }

  /// Whether there is room to tell how fast the runs were, too: who answered comes first.
  private var isWide: Bool {
    style.width >= 100
      && (columns(withSpeed: true) >= report.backends.count
        || columns(withSpeed: false) < report.backends.count)
  }

  private func name(of run: LoadRun) -> String {
    PeerText.name(run.name, limit: style.width >= 100 ? 40 : 28)
  }

  private var nameWidth: Int { style.width >= 100 ? 20 : 12 }

  /// How many columns of backends there is room for.
  private var backendColumns: Int {
    // The others' column is counted as one of these.
    max(2, columns(withSpeed: isWide))
  }

  private func columns(withSpeed: Bool) -> Int {
    let runs = report.runs.map { name(of: $0).count }.max() ?? 0
    let digits = NumberText.count(report.runs.map(\.calls).max() ?? 0).count
    let names = report.backends.names.map { PeerText.name($0).count }.max() ?? 0
    let column = 2 + max(digits, min(names, nameWidth))
    return (style.width - (withSpeed ? 50 : 24) - runs) / column
  }
}
