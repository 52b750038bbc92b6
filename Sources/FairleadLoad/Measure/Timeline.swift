/// How a run went over time: calls and latencies of one interval after another.
///
/// Begins with intervals of a hundredth of a second, so that a short run has several. When there are too many of them, two
/// become one, so that its memory is bounded however long the run is.
package struct Timeline: Sendable {
  package struct Interval: Sendable {
    /// Calls that ended in it.
    package internal(set) var calls = 0
    package internal(set) var failed = 0
    /// Of calls that were answered.
    package internal(set) var latencies = LatencyHistogram(isCoarse: true)

    mutating func merge(_ other: Interval) {
      calls += other.calls
      failed += other.failed
      latencies.merge(other.latencies)
    }
  }

  /// How long each interval is, in nanoseconds.
  package private(set) var width: UInt64 = 10_000_000
  /// From the beginning on, those without calls included.
  package private(set) var intervals: [Interval] = []

  /// More become half as many of twice the width. With latencies of seconds each takes some 25 KB.
  package static let maximumIntervals = 160

  package init() {}

  /// How long each interval is, in seconds.
  package var widthSeconds: Double { Double(width) / 1e9 }

  /// - Parameter nanoseconds: since the beginning, when the call ended.
  mutating func record(latency: UInt64?, isFailure: Bool, at nanoseconds: UInt64) {
    makeRoom(for: nanoseconds)
    let index = Int(nanoseconds / width)
    while intervals.count <= index {
      intervals.append(Interval())
    }
    intervals[index].calls += 1
    if isFailure { intervals[index].failed += 1 }
    if let latency { intervals[index].latencies.record(nanoseconds: latency) }
  }

  /// Adds what `other`, which has the same beginning, saw.
  mutating func merge(_ other: Timeline) {
    var other = other
    while width < other.width { coarsen() }
    while other.width < width { other.coarsen() }
    for (index, interval) in other.intervals.enumerated() {
      if index < intervals.count {
        intervals[index].merge(interval)
      } else {
        intervals.append(interval)
      }
    }
  }

  private mutating func makeRoom(for nanoseconds: UInt64) {
    while nanoseconds / width >= UInt64(Self.maximumIntervals) { coarsen() }
  }

  private mutating func coarsen() {
    width *= 2
    intervals = stride(from: 0, to: intervals.count, by: 2).map { index in
      var interval = intervals[index]
      if index + 1 < intervals.count { interval.merge(intervals[index + 1]) }
      return interval
    }
  }
}

extension Timeline {
  /// What is told of a run under way is of so long, in nanoseconds, or of one interval where that is longer.
  private static let period: UInt64 = 100_000_000
  /// Fewer calls in an interval would make a rate of chance.
  private static let legibleCalls = 20

  private var intervalsOfPeriod: Int { max(1, Int(Self.period / width)) }

  /// How many periods are over, as another has begun.
  var periodsOver: Int { max(0, intervals.count - 1) / intervalsOfPeriod }

  /// The last one that is over.
  var lastPeriod: Interval? {
    let end = periodsOver * intervalsOfPeriod
    guard end > 0 else { return nil }
    return intervals[end - intervalsOfPeriod..<end].reduce(into: Interval()) { $0.merge($1) }
  }

  /// As a report has it: with intervals of nearly a period, or shorter ones where calls are many.
  ///
  /// - Parameter nanoseconds: When the run ended. Calls of that very moment are in the interval before it.
  func legible(upTo nanoseconds: UInt64) -> Timeline {
    var timeline = self
    while let last = timeline.intervals.last, timeline.intervals.count > 1,
      UInt64(timeline.intervals.count - 1) * timeline.width >= nanoseconds
    {
      timeline.intervals.removeLast()
      timeline.intervals[timeline.intervals.count - 1].merge(last)
    }
    let calls = timeline.intervals.reduce(0) { $0 + $1.calls }
    while timeline.width * 2 <= Self.period, timeline.intervals.count > 1,
      calls < timeline.intervals.count * Self.legibleCalls
    {
      timeline.coarsen()
    }
    return timeline
  }
}
