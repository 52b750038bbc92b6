import Testing

@testable import FairleadLoad

struct TimelineTests {
  private static let second: UInt64 = 1_000_000_000

  @Test("calls are in the interval that they ended in, and intervals without calls are there")
  func intervals() {
    var timeline = Timeline()
    timeline.record(latency: 5, isFailure: false, at: 0)
    timeline.record(latency: nil, isFailure: true, at: 9_999_999)
    timeline.record(latency: 7, isFailure: false, at: 30_000_000)
    #expect(timeline.widthSeconds == 0.01)
    #expect(timeline.intervals.map(\.calls) == [2, 0, 0, 1])
    #expect(timeline.intervals.map(\.failed) == [1, 0, 0, 0])
    #expect(timeline.intervals.map(\.latencies.count) == [1, 0, 0, 1])
  }

  @Test("a long run gets wider intervals, never more, and loses no call")
  func coarsening() {
    var timeline = Timeline()
    for second in 0..<3600 {
      timeline.record(
        latency: UInt64(second), isFailure: second % 2 == 0, at: UInt64(second) * Self.second)
      #expect(timeline.intervals.count <= Timeline.maximumIntervals)
    }
    #expect(timeline.widthSeconds == 40.96)
    #expect(timeline.intervals.reduce(0) { $0 + $1.calls } == 3600)
    #expect(timeline.intervals.reduce(0) { $0 + $1.failed } == 1800)
    #expect(timeline.intervals[0].calls == 41)
  }

  @Test("two of different widths and lengths become one of the wider", arguments: [false, true])
  func merging(shortFirst: Bool) {
    var short = Timeline()
    short.record(latency: 1, isFailure: false, at: 0)
    short.record(latency: 1, isFailure: false, at: Self.second)
    var long = Timeline()
    long.record(latency: 1, isFailure: true, at: 40 * Self.second)
    var merged = shortFirst ? short : long
    merged.merge(shortFirst ? long : short)
    #expect(merged.widthSeconds == 0.32)
    #expect(merged.intervals.count == 126)
    #expect(merged.intervals[0].calls == 1)
    #expect(merged.intervals[3].calls == 1)
    #expect(merged.intervals[125].failed == 1)
  }

  @Test("what is told of a run under way is of a tenth of a second, whatever the intervals are")
  func periods() throws {
    var timeline = Timeline()
    #expect(timeline.periodsOver == 0 && timeline.lastPeriod == nil)
    for hundredth in 0..<25 {
      timeline.record(
        latency: hundredth < 10 ? 1 : 1000, isFailure: false, at: UInt64(hundredth) * 10_000_000)
    }
    // From 0.1 s to 0.2 s.
    #expect(timeline.periodsOver == 2)
    let second = try #require(timeline.lastPeriod)
    #expect(second.calls == 10 && second.latencies.seconds(atPercentile: 1) > 900e-9)
    // Intervals of 160 ms.
    timeline.record(latency: 1, isFailure: true, at: 20 * Self.second)
    #expect(timeline.widthSeconds == 0.16 && timeline.periodsOver == 125)
    #expect(timeline.lastPeriod?.calls == 0)
  }

  @Test(
    "in a report intervals are short where calls are many, and never longer for few",
    arguments: [(1000, 0.01), (5, 0.04), (1, 0.08)])
  func legibility(callsEach: Int, width: Double) {
    var timeline = Timeline()
    for index in 0..<16 {
      for _ in 0..<callsEach {
        timeline.record(latency: 1, isFailure: false, at: UInt64(index) * 10_000_000)
      }
    }
    let legible = timeline.legible(upTo: 160_000_000)
    #expect(legible.widthSeconds == width)
    #expect(
      legible.intervals.reduce(0) { $0 + $1.calls }
        == timeline.intervals.reduce(0) { $0 + $1.calls })
  }
}
