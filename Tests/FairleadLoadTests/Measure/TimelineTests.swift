import Testing

@testable import FairleadLoad

struct TimelineTests {
  private static let second: UInt64 = 1_000_000_000

  @Test("calls are in the interval that they ended in, and intervals without calls are there")
  func intervals() {
    var timeline = Timeline()
    timeline.record(latency: 5, isFailure: false, at: 0)
    timeline.record(latency: nil, isFailure: true, at: 99_999_999)
    timeline.record(latency: 7, isFailure: false, at: 300_000_000)
    #expect(timeline.widthSeconds == 0.1)
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
    #expect(timeline.widthSeconds == 25.6)
    #expect(timeline.intervals.reduce(0) { $0 + $1.calls } == 3600)
    #expect(timeline.intervals.reduce(0) { $0 + $1.failed } == 1800)
    #expect(timeline.intervals[0].calls == 26)
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
    #expect(merged.widthSeconds == 0.2)
    #expect(merged.intervals.count == 201)
    #expect(merged.intervals[0].calls == 1)
    #expect(merged.intervals[5].calls == 1)
    #expect(merged.intervals[200].failed == 1)
  }
}
