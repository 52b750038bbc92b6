import FairleadLoad

/// Something over the time of a run, a line for each run: calls a second with those that failed, or latencies.
struct TimelineChart: Sendable {
  /// What is drawn.
  enum Subject: String {
    case rate
    case latency
  }

  let subject: Subject
  let runs: [PageRun]

  /// A point of a line: seconds since the run began, and the value.
  private typealias Point = (at: Double, value: Double)

  /// Nil when nothing happened over time.
  var markup: Markup? {
    let all = runs.map { ($0, lines(of: $0)) }
    let points = all.flatMap { $0.1.flatMap(\.points) }
    guard let end = points.map(\.at).max(), let most = points.map(\.value).max() else { return nil }
    let horizontal = ChartScale.time(upTo: end, label: AxisText.time)
    let vertical = ChartScale.linear(
      upTo: most, count: 4, label: subject == .rate ? AxisText.count : AxisText.time)
    let chart = Chart(
      id: "over-time-\(subject.rawValue)", title: title,
      summary: "A line for each run, from its beginning to its end.")
    let content = all.flatMap { run, lines in
      lines.map { line in
        let places = line.points.map { (x: horizontal.place($0.at), y: vertical.place($0.value)) }
        return chart.path(places, line.style, tip: "\(run.words.name): \(line.name)")
      }
    }
    return chart.markup(
      horizontal: horizontal.ticks, horizontalTitle: "time since the run began",
      vertical: vertical.ticks, content)
  }

  var title: String {
    switch subject {
    case .rate: "Calls a second over time"
    case .latency: "Latency over time"
    }
  }

  /// What the lines are that the legend does not tell; nil when it tells all.
  var note: String? {
    switch subject {
    case .rate: runs.contains { $0.run.failed > 0 } ? "Dotted: calls that failed." : nil
    case .latency: "Thick lines are p99, thin ones p50."
    }
  }

  private func lines(of run: PageRun) -> [(name: String, style: String, points: [Point])] {
    let intervals = Self.whole(run.run.timeline)
    func points(_ value: (LoadInterval) -> Double?) -> [Point] {
      intervals.compactMap { interval in
        value(interval).map { (interval.atSeconds + interval.lengthSeconds / 2, $0) }
      }
    }
    switch subject {
    case .rate:
      let rate = ("calls a second", run.lineStyle, points { $0.rate })
      guard run.run.failed > 0 else { return [rate] }
      let failures = points { interval in
        interval.lengthSeconds > 0 ? Double(interval.failed) / interval.lengthSeconds : 0
      }
      return [rate, ("failed calls a second", "line failures", failures)]
    case .latency:
      return [
        ("p50", run.lineStyle + " faint", points(\.p50Seconds)),
        ("p99", run.lineStyle, points(\.p99Seconds)),
      ]
    }
  }

  /// Without a last interval that is much shorter than the others: a few calls would be a rate of nothing or of thousands.
  private static func whole(_ timeline: [LoadInterval]) -> [LoadInterval] {
    guard timeline.count > 2, let first = timeline.first, let last = timeline.last,
      last.lengthSeconds < first.lengthSeconds * 0.5
    else { return timeline }
    return timeline.dropLast()
  }
}
