import FairleadLoad

/// How many calls of one run took how long. All runs of a report share the axis of time, so that they can be compared.
struct HistogramChart: Sendable {
  let run: PageRun
  let buckets: [LatencySummary.Bucket]
  let horizontal: ChartScale

  /// One for each run that has latencies, with bounds in common.
  static func all(_ runs: [PageRun]) -> [HistogramChart] {
    let summaries = runs.compactMap { run in run.run.latency.map { (run, $0) } }
    let step = LatencySummary.step(for: summaries.map(\.1), atMost: 56)
    let histograms = summaries.map { ($0.0, $0.1.histogram(step: step)) }
    let lowest = histograms.compactMap { $0.1.first?.fromSeconds }.min() ?? 0
    let highest = histograms.compactMap { $0.1.last?.upToSeconds }.max() ?? 0
    let scale = ChartScale.logarithmic(from: lowest, to: highest, label: AxisText.time)
    return histograms.map { HistogramChart(run: $0.0, buckets: $0.1, horizontal: scale) }
  }

  var markup: Markup {
    let most = buckets.map(\.calls).max() ?? 0
    let vertical = ChartScale.linear(
      upTo: Double(most), count: 4, isWhole: true, label: AxisText.count)
    let chart = Chart(
      id: "histogram-\(run.index)", title: "Latencies of \(run.words.name)",
      summary: summary, height: 200)
    let bars = buckets.filter { $0.calls > 0 }.map { bucket in
      chart.bar(
        fromX: horizontal.place(bucket.fromSeconds), toX: horizontal.place(bucket.upToSeconds),
        toY: vertical.place(Double(bucket.calls)), run.fillStyle, tip: Self.tip(bucket))
    }
    return chart.markup(
      horizontal: horizontal.ticks, horizontalTitle: "latency", vertical: vertical.ticks, bars)
  }

  private var summary: String {
    guard let fullest = buckets.max(by: { $0.calls < $1.calls }) else { return "" }
    return "Most often: \(Self.tip(fullest))"
  }

  private static func tip(_ bucket: LatencySummary.Bucket) -> String {
    let (from, upTo) = (NumberText.time(bucket.fromSeconds), NumberText.time(bucket.upToSeconds))
    return "\(NumberText.count(bucket.calls, "call")) from \(from) to \(upTo)"
  }
}
