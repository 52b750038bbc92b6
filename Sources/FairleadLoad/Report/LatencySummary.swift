/// How long calls took.
package struct LatencySummary: Sendable, Hashable, Codable {
  /// So many per cent of the calls took at most so long.
  package struct Percentile: Sendable, Hashable, Codable {
    /// From 0 to 100.
    package let percentile: Double
    package let seconds: Double
  }

  /// The calls that took longer than one time and at most another.
  package struct Bucket: Sendable, Hashable, Codable {
    package let fromSeconds: Double
    package let upToSeconds: Double
    package let calls: Int
  }

  package let minSeconds: Double
  package let meanSeconds: Double
  package let standardDeviationSeconds: Double
  package let maxSeconds: Double

  /// At 50, 75, 90, 95, 99, 99.9 and 99.99.
  package let percentiles: [Percentile]

  /// The whole distribution, with more and more points towards 100 %: each half of the way that is left has as many. The last
  /// point is the maximum.
  package let curve: [Percentile]

  /// From the fastest to the slowest, without gaps; bounds are round numbers, 6 % apart.
  package let histogram: [Bucket]

  /// Whether the time runs from when a call was due rather than from when it was sent. So it is in an open loop: a server that
  /// stops for a second is slow for every call that was due in it, not for the one that was under way.
  package let isMeasuredFromIntendedStart: Bool

  /// The percentiles that a summary has.
  package static let usualPercentiles: [Double] = [50, 75, 90, 95, 99, 99.9, 99.99]

  /// The latency at one of the usual percentiles; nil at others.
  package func seconds(at percentile: Double) -> Double? {
    percentiles.first { $0.percentile == percentile }?.seconds
  }
}
