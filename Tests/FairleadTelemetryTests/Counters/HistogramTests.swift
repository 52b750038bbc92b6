import FairleadTelemetry
import Testing

@Suite("Histograms")
struct HistogramTests {
  @Test("put a duration on a bucket's bound into that bucket, and a nanosecond more into the next")
  func durationBounds() {
    for (index, bound) in Histogram.bounds.enumerated() {
      var histogram = Histogram(.duration)
      let nanoseconds = Int64(bound * 1_000_000)
      histogram.record(nanoseconds)
      #expect(histogram.counts[index] == 1, "\(bound) ms")
      histogram.record(nanoseconds + 1)
      #expect(histogram.counts[index + 1] == 1, "a little over \(bound) ms")
    }
  }

  @Test("put whole bytes into the buckets of their bounds")
  func sizeBounds() {
    var histogram = Histogram(.size)
    histogram.record(0)
    histogram.record(1)
    histogram.record(2)
    histogram.record(5)
    histogram.record(3_600_001)
    #expect(histogram.counts[0] == 1)
    #expect(histogram.counts[1] == 1)
    #expect(histogram.counts[2] == 2)
    #expect(histogram.counts[Histogram.bounds.count] == 1)
    #expect(histogram.sum == 3_600_009)
  }

  @Test("give the sum of durations in milliseconds")
  func sum() {
    var histogram = Histogram(.duration)
    histogram.record(1_500_000)
    histogram.record(250_000)
    #expect(histogram.sum == 1.75)
    #expect(histogram.count == 2)
  }

  @Test("take a value below 0 as 0")
  func negative() {
    var histogram = Histogram(.duration)
    histogram.record(-1)
    #expect(histogram.counts[0] == 1)
    #expect(histogram.sum == 0)
  }

  @Test("add up bucket by bucket")
  func addition() {
    var first = Histogram(.duration)
    first.record(400_000)
    var second = Histogram(.duration)
    second.record(400_000)
    second.record(7_000_000_000_000)
    first += second
    #expect(first.counts[0] == 2)
    #expect(first.counts[Histogram.bounds.count] == 1)
    #expect(first.sum == 7_000_000.8)
  }
}
