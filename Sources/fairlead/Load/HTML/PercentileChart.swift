import FairleadLoad

/// Latency by percentile, a line for each run.
struct PercentileChart: Sendable {
  let runs: [PageRun]

  /// Where the slowest call takes more than so many times the median, equal factors have equal room.
  private static let linearUpTo = 12.0

  /// Nil when no run has a latency.
  var markup: Markup? {
    let summaries = runs.compactMap { run in run.run.latency.map { (run, $0) } }
    guard let highest = summaries.map(\.1.maxSeconds).max(),
      let lowest = summaries.map(\.1.minSeconds).min(),
      let median = summaries.compactMap({ $0.1.seconds(at: 50) }).min()
    else { return nil }
    let vertical =
      highest > Self.linearUpTo * median
      ? ChartScale.logarithmic(from: lowest, to: highest, label: AxisText.time)
      : .linear(upTo: highest, label: AxisText.time)
    let horizontal = PercentileScale(calls: summaries.map(\.0.run.calls).max() ?? 1)
    let chart = Chart(
      id: "percentiles", title: "Latency by percentile",
      summary: summaries.map { Self.summary($0.0, $0.1) }.joined(separator: "; "))
    let lines = summaries.map { run, summary in
      let points = summary.curve.map { point in
        (x: horizontal.place(point.percentile), y: vertical.place(point.seconds))
      }
      return chart.path(points, run.lineStyle, tip: Self.summary(run, summary))
    }
    return chart.markup(
      horizontal: horizontal.ticks, horizontalTitle: "percentile of the calls",
      vertical: vertical.ticks, lines)
  }

  private static func summary(_ run: PageRun, _ summary: LatencySummary) -> String {
    let median = NumberText.time(summary.seconds(at: 50) ?? 0)
    let slow = NumberText.time(summary.seconds(at: 99) ?? 0)
    return
      "\(run.words.name): p50 \(median), p99 \(slow), max \(NumberText.time(summary.maxSeconds))"
  }
}
