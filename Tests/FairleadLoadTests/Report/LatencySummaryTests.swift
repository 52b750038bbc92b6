import Testing

@testable import FairleadLoad

@Suite("A summary of latencies")
struct LatencySummaryTests {
  /// So many calls at so many milliseconds.
  private func summary(_ recorded: [(milliseconds: Int64, calls: Int)]) -> LatencySummary? {
    LatencySummary(
      recorded: recorded.map {
        RecordedLatency(nanoseconds: $0.milliseconds * 1_000_000, calls: $0.calls)
      }, isMeasuredFromIntendedStart: false)
  }

  @Test("Nothing recorded has no summary")
  func nothing() {
    #expect(summary([]) == nil)
    #expect(summary([(1, 0)]) == nil)
  }

  @Test("One call is every percentile")
  func one() throws {
    let one = try #require(summary([(7, 1)]))
    #expect(one.minSeconds == 0.007 && one.maxSeconds == 0.007 && one.meanSeconds == 0.007)
    #expect(one.standardDeviationSeconds == 0)
    #expect(one.percentiles.map(\.percentile) == [50, 75, 90, 95, 99, 99.9, 99.99])
    #expect(one.percentiles.allSatisfy { $0.seconds == 0.007 })
    #expect(one.histogram.map(\.calls) == [1])
  }

  @Test("Mean and deviation weigh each value by its calls")
  func moments() throws {
    // 3 calls at 1 ms, 1 at 5 ms: mean 2 ms; squares 3 × 1 + 9 = 12, over 4 calls 3.
    let four = try #require(summary([(5, 1), (1, 3)]))
    #expect(abs(four.meanSeconds - 0.002) < 1e-12)
    #expect(abs(four.standardDeviationSeconds - 3.0.squareRoot() / 1000) < 1e-12)
  }

  @Test("A percentile is the latency of the call that it names, without interpolation")
  func percentiles() throws {
    // The call with rank r took r ms.
    let thousand = try #require(summary((1...1000).map { (Int64($0), 1) }))
    let expected = [50: 500, 75: 750, 90: 900, 95: 950, 99: 990, 99.9: 999, 99.99: 1000]
    for (percentile, milliseconds) in expected {
      #expect(thousand.seconds(at: percentile) == Double(milliseconds) / 1000, "p\(percentile)")
    }
    #expect(thousand.seconds(at: 12) == nil)
    // Of three calls, the half-way one is the second.
    #expect(summary([(1, 1), (2, 1), (3, 1)])?.seconds(at: 50) == 0.002)
    // Of two, the first is half of them.
    #expect(summary([(1, 1), (2, 1)])?.seconds(at: 50) == 0.001)
  }

  @Test("The curve rises from 0 to 100, with as many points for each half of what is left")
  func curve() throws {
    let thousand = try #require(summary((1...1000).map { (Int64($0), 1) }))
    let curve = thousand.curve
    #expect(curve.map(\.percentile) == curve.map(\.percentile).sorted())
    #expect(curve.map(\.seconds) == curve.map(\.seconds).sorted())
    #expect(curve.first?.percentile == 0 && curve.first?.seconds == 0.001)
    #expect(curve.last?.percentile == 100 && curve.last?.seconds == 1)
    // 1/1000 is between 2^-9 and 2^-10: ten halves, five points each, and the end.
    #expect(curve.count == 51)
    #expect(curve.count { $0.percentile >= 50 && $0.percentile < 75 } == 5)
    #expect(curve.count { $0.percentile >= 75 && $0.percentile < 87.5 } == 5)
    let one = try #require(
      LatencySummary(
        recorded: [RecordedLatency(nanoseconds: 5, calls: 1)], isMeasuredFromIntendedStart: false))
    #expect(one.curve.map(\.percentile) == [0, 100] && one.curve.map(\.seconds) == [5e-9, 5e-9])
  }

  @Test("Every call is in one bucket of the histogram, and the buckets have no gaps")
  func histogram() throws {
    let summary = try #require(self.summary([(1, 5), (2, 7), (1000, 1)]))
    #expect(summary.histogram.reduce(0) { $0 + $1.calls } == 13)
    // From 1 ms, which is a bound itself, to 1 s: three decades of forty.
    #expect(summary.histogram.count == 121)
    #expect(summary.histogram.first?.upToSeconds == 0.001)
    #expect(summary.histogram.first?.calls == 5)
    #expect(summary.histogram.last?.upToSeconds == 1)
    for (bucket, next) in zip(summary.histogram, summary.histogram.dropFirst()) {
      #expect(bucket.upToSeconds == next.fromSeconds)
    }
  }

  @Test(
    "Fewer buckets have the same calls between rounder bounds", arguments: [5, 10, 20, 60, 200])
  func coarser(limit: Int) throws {
    let summary = try #require(self.summary([(1, 5), (2, 7), (3, 2), (999, 1)]))
    let buckets = summary.histogram(atMost: limit)
    #expect(buckets.count <= limit)
    #expect(buckets.reduce(0) { $0 + $1.calls } == 15)
    for (bucket, next) in zip(buckets, buckets.dropFirst()) {
      #expect(bucket.upToSeconds == next.fromSeconds)
    }
    // Each call lies in its bucket still.
    for (seconds, calls) in [(0.001, 5), (0.999, 1)] {
      let bucket = try #require(buckets.first { $0.upToSeconds >= seconds })
      #expect(bucket.fromSeconds < seconds && bucket.calls >= calls)
    }
  }
}
