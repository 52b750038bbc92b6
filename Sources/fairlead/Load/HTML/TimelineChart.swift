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

  /// Nil when nothing happened over time.
  var markup: Markup? {
    let lines = runs.flatMap { run in TimelineLine.all(of: run, subject).map { (run, $0) } }
    let most = lines.flatMap { $0.1.points.map(\.value) }.max()
    guard let end = runs.compactMap(TimelineLine.end).max(), let most else { return nil }
    let horizontal = ChartScale.time(upTo: end, label: AxisText.time)
    let vertical = ChartScale.linear(
      upTo: most, count: 4, label: subject == .rate ? AxisText.count : AxisText.time)
    let chart = Chart(
      id: "over-time-\(subject.rawValue)", title: title,
      summary: "A line for each run, from its beginning to its end.")
    func place(_ point: TimelineLine.Point) -> (x: Double, y: Double) {
      (horizontal.place(point.at), vertical.place(point.value))
    }
    let content = lines.flatMap { run, line in
      let name = "\(run.words.name): \(line.name)"
      let dots = line.dots.map { point in
        chart.dot(place(point), line.dotStyle, tip: "\(name) \(words(point))")
      }
      return [chart.path(line.points.map(place), line.style, tip: name)] + dots
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
    case .rate: runs.contains { $0.run.failed > 0 } ? "Red dashes are calls that failed." : nil
    case .latency: "Thick lines are p99, thin ones p50."
    }
  }

  /// `1.2 ms at 350 ms`.
  private func words(_ point: TimelineLine.Point) -> String {
    let value =
      switch subject {
      case .rate: NumberText.rate(point.value)
      case .latency: NumberText.time(point.value)
      }
    return "\(value) at \(NumberText.time(point.at))"
  }
}
