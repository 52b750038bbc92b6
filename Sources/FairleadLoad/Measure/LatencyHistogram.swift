import Histogram

/// Latencies in an HDR histogram: every value within a tenth of a percent (or a hundredth part, if it is coarse),
/// whatever its size, in a few thousand counters.
///
/// Recording allocates only when a value is twice as large as any before.
package struct LatencyHistogram: Sendable {
  /// Of values in nanoseconds.
  private var histogram: Histogram<UInt64>

  /// Longer latencies count as this: a day.
  private static let longest: UInt64 = 86_400_000_000_000

  /// - Parameter isCoarse: Two significant digits, for the many that a timeline has, instead of three.
  package init(isCoarse: Bool = false) {
    histogram = Histogram(numberOfSignificantValueDigits: isCoarse ? .two : .three)
  }

  package mutating func record(nanoseconds: UInt64) {
    histogram.record(min(nanoseconds, Self.longest))
  }

  /// Adds all that `other` recorded. Both must be coarse, or neither.
  package mutating func merge(_ other: LatencyHistogram) {
    histogram.add(other.histogram)
  }

  // MARK: Reading

  package var isEmpty: Bool { histogram.totalCount == 0 }
  package var count: Int { Int(clamping: histogram.totalCount) }

  /// All in seconds, and 0 if nothing was recorded.
  package var minimumSeconds: Double { Self.seconds(isEmpty ? 0 : histogram.min) }
  package var meanSeconds: Double { histogram.mean / 1e9 }
  package var standardDeviationSeconds: Double { histogram.stdDeviation / 1e9 }
  package var maximumSeconds: Double { Self.seconds(histogram.maxRecorded) }

  /// The latency, in seconds, that `percentile` percent of all did not exceed; 0 if nothing was recorded.
  package func seconds(atPercentile percentile: Double) -> Double {
    Self.seconds(isEmpty ? 0 : histogram.valueAtPercentile(percentile))
  }

  /// Every value that was recorded, as far as they are told apart, in ascending order.
  package var recorded: [RecordedLatency] {
    histogram.recordedValues().map { value in
      // The middle of what counts as this value, as the mean of them would be.
      let middle = histogram.medianEquivalentForValue(value.value)
      return RecordedLatency(
        nanoseconds: Int64(clamping: min(max(middle, histogram.min), histogram.maxRecorded)),
        calls: Int(clamping: value.count))
    }
  }

  private static func seconds(_ nanoseconds: UInt64) -> Double {
    Double(nanoseconds) / 1e9
  }
}
