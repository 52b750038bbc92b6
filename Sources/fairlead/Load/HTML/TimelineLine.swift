import FairleadLoad

/// A line of a plot over time.
struct TimelineLine: Sendable {
  /// Seconds since the run began, and the value then.
  struct Point: Sendable, Hashable {
    let at: Double
    let value: Double
  }

  /// What its values are.
  let name: String
  /// The classes of the line, and of the dots on it.
  let style: String
  let dotStyle: String
  let points: [Point]

  /// A line of no more points has a dot at each, with what a pointer on it tells; one point alone draws no line.
  private static let dottedPoints = 12

  /// The points that have a dot.
  var dots: [Point] { points.count <= Self.dottedPoints ? points : [] }

  /// The lines of a run for a plot of this subject.
  static func all(of run: PageRun, _ subject: TimelineChart.Subject) -> [TimelineLine] {
    let intervals = whole(run.run.timeline)
    func line(
      _ name: String, _ style: String, dots: String, _ value: (LoadInterval) -> Double?
    ) -> TimelineLine {
      let points = intervals.compactMap { interval in
        value(interval).map { value in
          Point(at: interval.atSeconds + interval.lengthSeconds / 2, value: value)
        }
      }
      return TimelineLine(name: name, style: style, dotStyle: "point " + dots, points: points)
    }
    switch subject {
    case .rate:
      let rate = line("calls a second", run.lineStyle, dots: run.fillStyle, \.rate)
      guard run.run.failed > 0 else { return [rate] }
      let failures = line("failed calls a second", "line failures", dots: "failures") { interval in
        interval.lengthSeconds > 0 ? Double(interval.failed) / interval.lengthSeconds : 0
      }
      return [rate, failures]
    case .latency:
      return [
        line("p50", run.lineStyle + " thin", dots: run.fillStyle + " thin", \.p50Seconds),
        line("p99", run.lineStyle, dots: run.fillStyle, \.p99Seconds),
      ]
    }
  }

  /// When the last interval that is drawn was over, in seconds since the run began; nil when there is none.
  static func end(of run: PageRun) -> Double? {
    whole(run.run.timeline).last.map { $0.atSeconds + $0.lengthSeconds }
  }

  /// Without a last interval that is much shorter than the others: a few calls would be a rate of nothing or of thousands.
  private static func whole(_ timeline: [LoadInterval]) -> [LoadInterval] {
    guard timeline.count > 2, let first = timeline.first, let last = timeline.last,
      last.lengthSeconds < first.lengthSeconds * 0.5
    else { return timeline }
    return timeline.dropLast()
  }
}
