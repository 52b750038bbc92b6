import FairleadLoad

/// One run as text: how it was made, how long calls took, how they ended, who answered.
struct LoadRunText: Sendable {
  let run: LoadRun
  let shown: ShownBackends
  let style: TextStyle

  var lines: [String] {
    let words = LoadWords(run: run)
    var lines = [style.painted(words.name, .title)]
    lines += prose(words.conditions) + prose(words.outcome)
    if let latency = run.latency {
      let text = LatencyText(title: words.latencyTitle, summary: latency, width: style.width - 2)
      lines += [""] + TextBlock.indented(text.lines)
    }
    if run.failed > 0 {
      lines += [""] + TextBlock.indented(statuses)
    }
    if run.calls > 0, !run.backends.isEmpty {
      lines += [""] + TextBlock.indented(backends)
      lines += words.skew.map(prose) ?? []
    }
    return lines + words.remarks.flatMap(prose)
  }

  private func prose(_ text: String) -> [String] {
    TextBlock.indented(TextBlock.wrapped(text, width: style.width - 2))
  }

  private var statuses: [String] {
    var table = TextTable(columns: [
      ("status", .left), ("calls", .right), ("share", .right), ("for example", .left),
    ])
    for status in run.statuses {
      table.add([
        PeerText.name(status.name), NumberText.count(status.calls),
        NumberText.percent(Double(status.calls) / Double(max(1, run.calls))),
        PeerText.line(status.message ?? "", limit: max(20, style.width - 46)),
      ])
    }
    return table.trimmedLines
  }

  private var backends: [String] {
    let rows = shown.rows(of: run)
    let hasFailed = rows.contains { $0.failed > 0 }
    var table = TextTable(
      columns: [("backend", .left), ("calls", .right), ("share", .right)]
        + (hasFailed ? [("failed", .right)] : [])
        + [("p50", .right), ("p99", .right), ("", .left)])
    let nameWidth = rows.map(\.name.count).max() ?? 0
    let barWidth = min(max(style.width - nameWidth - 56, 10), 40)
    for row in rows {
      table.add(
        [row.name, NumberText.count(row.calls), NumberText.percent(row.share)]
          + (hasFailed ? [NumberText.count(row.failed)] : [])
          + [
            row.p50Seconds.map(NumberText.time) ?? "–", row.p99Seconds.map(NumberText.time) ?? "–",
            TextBar.text(row.share, width: barWidth),
          ])
    }
    return table.trimmedLines
  }
}

extension TextTable {
  /// The lines without blanks at their ends.
  var trimmedLines: [String] {
    lines.map { line in
      String(line.reversed().drop { $0 == " " }.reversed())
    }
  }
}
