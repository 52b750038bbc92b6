import Histogram

/// Latencies in an HDR histogram: every value within a tenth of a percent (or a hundredth part, if it is coarse),
/// whatever its size, in a few thousand counters.
///
/// The first few are kept as they are, so that one with little to tell is small. Recording allocates when the counters are
/// made, and above a second when a value is twice as large as any before.
package struct LatencyHistogram: Sendable {
  private let isCoarse: Bool
  /// In nanoseconds, until they are many.
  private var few: [UInt64] = []
  /// Of values in nanoseconds; all of them, once there is one.
  private var histogram: Histogram<UInt64>?

  /// Longer latencies count as this: a day.
  private static let longest: UInt64 = 86_400_000_000_000
  /// There are counters for this from the beginning: to grow by as many costs a thousand times more.
  private static let usual: UInt64 = 1_000_000_000
  private static let maximumFew = 16

  /// - Parameter isCoarse: Two significant digits, for the many that a timeline has, instead of three.
  package init(isCoarse: Bool = false) {
    self.isCoarse = isCoarse
  }

  package mutating func record(nanoseconds: UInt64) {
    let value = min(nanoseconds, Self.longest)
    if histogram?.record(value) == nil { keep(value) }
  }

  private mutating func keep(_ value: UInt64) {
    few.append(value)
    if few.count > Self.maximumFew { spread() }
  }

  private mutating func spread() {
    histogram = counted
    few = []
  }

  /// Adds all that `other` recorded. Both must be coarse, or neither.
  package mutating func merge(_ other: LatencyHistogram) {
    guard let theirs = other.histogram else {
      for value in other.few { record(nanoseconds: value) }
      return
    }
    if histogram == nil { spread() }
    histogram?.add(theirs)
  }

  // MARK: Reading

  package var isEmpty: Bool { count == 0 }
  package var count: Int { histogram.map { Int(clamping: $0.totalCount) } ?? few.count }

  /// In seconds; 0 if nothing was recorded.
  package var maximumSeconds: Double { isEmpty ? 0 : Self.seconds(counted.maxRecorded) }

  /// The latency, in seconds, that `percentile` percent of all did not exceed; 0 if nothing was recorded.
  package func seconds(atPercentile percentile: Double) -> Double {
    guard !isEmpty else { return 0 }
    let histogram = counted
    // The middle of what counts as this value, as in ``recorded``.
    let middle = histogram.medianEquivalentForValue(histogram.valueAtPercentile(percentile))
    return Self.seconds(min(max(middle, histogram.min), histogram.maxRecorded))
  }

  /// Every value that was recorded, as far as they are told apart, in ascending order.
  package var recorded: [RecordedLatency] {
    guard !isEmpty else { return [] }
    let histogram = counted
    var recorded: [RecordedLatency] = []
    // The histogram's own iterators add up all values, which is too much for a number of 64 bits after some centuries of
    // waiting.
    var value = histogram.lowestEquivalentForValue(histogram.min)
    while value <= histogram.maxRecorded {
      let calls = Int(clamping: histogram.countForValue(value))
      if calls > 0 {
        // The middle of what counts as this value, as the mean of them would be.
        let middle = histogram.medianEquivalentForValue(value)
        recorded.append(
          RecordedLatency(
            nanoseconds: Int64(clamping: min(max(middle, histogram.min), histogram.maxRecorded)),
            calls: calls))
      }
      value = histogram.nextNonEquivalentForValue(value)
    }
    return recorded
  }

  private var counted: Histogram<UInt64> {
    if let histogram { return histogram }
    var counted = Histogram<UInt64>(
      highestTrackableValue: Self.usual, numberOfSignificantValueDigits: isCoarse ? .two : .three)
    counted.autoResize = true
    for value in few { counted.record(value) }
    return counted
  }

  private static func seconds(_ nanoseconds: UInt64) -> Double {
    Double(nanoseconds) / 1e9
  }
}
