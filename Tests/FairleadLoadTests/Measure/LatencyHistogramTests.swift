import Testing

@testable import FairleadLoad

struct LatencyHistogramTests {
  @Test("percentiles are within a tenth of a percent of the exact ones")
  func percentiles() {
    var histogram = LatencyHistogram()
    for microseconds in 1...10_000 {
      histogram.record(nanoseconds: UInt64(microseconds) * 1000)
    }
    for percentile in [50, 75, 90, 99, 99.9] {
      let exact = percentile / 100 * 0.01
      let found = histogram.seconds(atPercentile: percentile)
      #expect(abs(found - exact) <= exact * 0.0011, "p\(percentile): \(found)")
    }
    #expect(histogram.count == 10_000)
    #expect(histogram.maximumSeconds == 0.01)
    #expect(histogram.recorded.first?.nanoseconds == 1000)
  }

  @Test("an empty one says 0 and has nothing to read back")
  func empty() {
    let histogram = LatencyHistogram()
    #expect(histogram.isEmpty)
    #expect(histogram.maximumSeconds == 0)
    #expect(histogram.seconds(atPercentile: 99) == 0)
    #expect(histogram.recorded.isEmpty)
  }

  @Test("the longest value that there is, is recorded as a day")
  func longest() {
    var histogram = LatencyHistogram()
    histogram.record(nanoseconds: .max)
    histogram.record(nanoseconds: 0)
    #expect(histogram.count == 2)
    #expect(histogram.maximumSeconds == 86_400)
    #expect(histogram.recorded.map(\.nanoseconds).first == 0)
  }

  @Test("values whose sum is beyond any number can be read back")
  func sum() {
    var histogram = LatencyHistogram()
    for _ in 0..<300_000 { histogram.record(nanoseconds: .max) }
    #expect(histogram.recorded.map(\.calls) == [300_000])
  }

  @Test("merging is recording all in one", arguments: [false, true], [1, 10, 100])
  func merging(isCoarse: Bool, count: Int) {
    var small = LatencyHistogram(isCoarse: isCoarse)
    var large = LatencyHistogram(isCoarse: isCoarse)
    var both = LatencyHistogram(isCoarse: isCoarse)
    large.record(nanoseconds: 1)
    both.record(nanoseconds: 1)
    for step in 1...count {
      let (short, long) = (UInt64(step) * 1000, UInt64(step) * 1_000_000_000)
      small.record(nanoseconds: short)
      large.record(nanoseconds: long)
      both.record(nanoseconds: short)
      both.record(nanoseconds: long)
    }
    small.merge(large)
    #expect(small.count == 2 * count + 1)
    for percentile in [10.0, 50, 90, 100] {
      #expect(small.seconds(atPercentile: percentile) == both.seconds(atPercentile: percentile))
    }
  }

  @Test("what was recorded can be read back in order, each within a tenth of a percent")
  func recorded() {
    var histogram = LatencyHistogram()
    for nanoseconds: UInt64 in [1_000_000, 900, 70_000_000, 900] {
      histogram.record(nanoseconds: nanoseconds)
    }
    let recorded = histogram.recorded
    #expect(recorded.map(\.calls) == [2, 1, 1])
    for (found, exact) in zip(recorded.map(\.nanoseconds), [900, 1_000_000, 70_000_000]) {
      #expect(abs(Int(found) - exact) <= exact / 1000)
    }
  }
}
