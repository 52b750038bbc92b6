/// Counts of whole numbers by size, in the buckets that Istio's proxies use.
///
/// Values go in and the sum is kept in whole raw units (nanoseconds, bytes); bounds and sum come out in the unit of the
/// metric (milliseconds, bytes).
package struct Histogram: Sendable {
  /// What is measured.
  package enum Measure: Sendable {
    /// Nanoseconds go in, milliseconds come out.
    case duration
    /// Bytes.
    case size
  }

  /// Upper bounds of the buckets, each included, in the unit that comes out. One more bucket has no bound.
  package static let bounds: [Double] = [
    0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000,
    600_000, 1_800_000, 3_600_000,
  ]
  private static let nanosecondBounds = bounds.map { Int64($0 * 1_000_000) }
  private static let byteBounds = bounds.map { Int64($0.rounded(.down)) }

  package let measure: Measure
  /// Values by bucket, not cumulative; the last one has no upper bound.
  package private(set) var counts: [UInt64]
  private var rawSum: UInt64 = 0

  package init(_ measure: Measure) {
    self.measure = measure
    counts = Array(repeating: 0, count: Self.bounds.count + 1)
  }

  /// How many values were recorded.
  package var count: UInt64 {
    counts.reduce(0, +)
  }

  /// The sum of all values, in the unit that comes out.
  package var sum: Double {
    switch measure {
    case .duration: Double(rawSum) / 1_000_000
    case .size: Double(rawSum)
    }
  }

  /// Adds one value, in raw units. One below 0 counts as 0.
  package mutating func record(_ value: Int64) {
    let index =
      switch measure {
      case .duration: Self.bucket(of: value, in: Self.nanosecondBounds)
      case .size: Self.bucket(of: value, in: Self.byteBounds)
      }
    counts[index] &+= 1
    rawSum &+= UInt64(max(0, value))
  }

  /// Adds all values of a histogram of the same measure.
  package static func += (total: inout Histogram, other: Histogram) {
    for index in total.counts.indices {
      total.counts[index] &+= other.counts[index]
    }
    total.rawSum &+= other.rawSum
  }

  private static func bucket(of value: Int64, in bounds: [Int64]) -> Int {
    var index = 0
    while index < bounds.count, value > bounds[index] {
      index += 1
    }
    return index
  }
}
