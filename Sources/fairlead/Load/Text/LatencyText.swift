import FairleadLoad

/// Latencies as text: percentiles with bars, and beside them how many calls took how long.
struct LatencyText: Sendable {
  let title: String
  let summary: LatencySummary
  let width: Int

  /// Rows of the histogram: about as many as there are percentiles beside it.
  private static let histogramRows = 12
  private static let barWidth = 24

  var lines: [String] {
    let mean = NumberText.time(summary.meanSeconds)
    let deviation = NumberText.time(summary.standardDeviationSeconds)
    return ["\(title): mean \(mean) ± \(deviation)"]
      + TextBlock.beside(percentiles, histogram, gap: 4, width: width)
  }

  /// Bars are in proportion to the slowest call.
  private var percentiles: [String] {
    var rows = [("min", summary.minSeconds)]
    rows += told.map { ("p" + Self.text($0.percentile), $0.seconds) }
    rows.append(("max", summary.maxSeconds))
    var table = TextTable(columns: [("", .left), ("latency", .right), ("", .left)])
    for (name, seconds) in rows {
      let share = summary.maxSeconds > 0 ? seconds / summary.maxSeconds : 0
      table.add([name, NumberText.time(seconds), TextBar.text(share, width: Self.barWidth)])
    }
    return table.trimmedLines
  }

  /// The percentiles that so many calls tell apart from the slowest one: of 100 none above 99.
  private var told: [LatencySummary.Percentile] {
    let calls = Double(summary.histogram.reduce(0) { $0 + $1.calls })
    return summary.percentiles.filter { calls * (100 - $0.percentile) / 100 > 0.999 }
  }

  /// Bars are in proportion to the fullest row.
  private var histogram: [String] {
    let buckets = summary.histogram(atMost: Self.histogramRows)
    let most = buckets.map(\.calls).max() ?? 0
    var table = TextTable(columns: [("up to", .right), ("calls", .right), ("", .left)])
    for bucket in buckets {
      let share = most > 0 ? Double(bucket.calls) / Double(most) : 0
      table.add([
        NumberText.time(bucket.upToSeconds), NumberText.count(bucket.calls),
        TextBar.text(share, width: Self.barWidth),
      ])
    }
    return table.trimmedLines
  }

  /// `50`, `99.9`.
  static func text(_ percentile: Double) -> String {
    let whole = percentile.rounded()
    return whole == percentile ? "\(Int(whole))" : "\(percentile)"
  }
}
