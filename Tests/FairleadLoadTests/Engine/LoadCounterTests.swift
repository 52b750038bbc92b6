import Testing

@testable import FairleadLoad

@Suite("The counter of a run under way")
struct LoadCounterTests {
  @Test("It counts, and is warm with the first call")
  func counts() {
    let counter = LoadCounter()
    counter.add(calls: 0, failed: 0)
    #expect(!counter.isMeasuring)
    counter.add(calls: 3, failed: 1)
    counter.add(calls: 2, failed: 0)
    #expect(counter.isMeasuring && counter.calls == 5 && counter.failed == 1)
  }

  @Test("Of latencies it knows those of the last period that is over")
  func slow() throws {
    var timeline = Timeline()
    let counter = LoadCounter()
    // A hundred calls of 1 ms in the first tenth of a second, then one of 5 s in the second.
    for _ in 0..<100 { timeline.record(latency: 1_000_000, isFailure: false, at: 50_000_000) }
    #expect(timeline.lastPeriod == nil && counter.p99Seconds == nil)
    timeline.record(latency: 5_000_000_000, isFailure: false, at: 150_000_000)
    counter.ended(try #require(timeline.lastPeriod))
    let slow = try #require(counter.p99Seconds)
    #expect(abs(slow - 0.001) < 0.000_02)
  }

  @Test("A period without answers has no latency")
  func silent() throws {
    var timeline = Timeline()
    timeline.record(latency: nil, isFailure: true, at: 0)
    timeline.record(latency: nil, isFailure: true, at: 150_000_000)
    let counter = LoadCounter()
    counter.ended(try #require(timeline.lastPeriod))
    #expect(counter.p99Seconds == nil)
  }
}
