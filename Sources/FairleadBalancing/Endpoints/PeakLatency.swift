import Synchronization

/// How long calls to one endpoint take: at once up to a new peak, and slowly down (peak EWMA, as
/// in Finagle and Linkerd).
///
/// Safe to use from any thread, without a lock. Samples of two threads at one moment may be applied
/// in either order.
final class PeakLatency: Sendable {
  /// In seconds; below 0 while there is none.
  private let bits = Atomic<UInt64>((-1.0).bitPattern)
  /// When the last sample came, in nanoseconds.
  private let stamp = Atomic<Int64>(0)
  /// The time in which what was known loses all but 1/e of its weight, in seconds.
  private let decay = Atomic<UInt64>(PeakLatency.defaultDecay.bitPattern)

  static let defaultDecay = 10.0

  /// The estimate in seconds at the time of the last sample, `nil` before the first.
  var latest: Double? {
    let value = Double(bitPattern: bits.load(ordering: .relaxed))
    return value < 0 ? nil : value
  }

  func setDecay(_ duration: Duration) {
    decay.store(max(1e-9, duration.inSeconds).bitPattern, ordering: .relaxed)
  }

  /// A call took so long.
  func record(_ latency: Duration, now: Duration) {
    let sample = max(0, latency.inSeconds)
    // Each span of time is used by one sample only.
    let last = stamp.exchange(now.inNanoseconds, ordering: .relaxed)
    let elapsed = Double(max(0, now.inNanoseconds - last)) / 1e9
    let kept = exponential(-elapsed / Double(bitPattern: decay.load(ordering: .relaxed)))
    var old = bits.load(ordering: .relaxed)
    while true {
      let value = Double(bitPattern: old)
      let new = value < 0 || sample >= value ? sample : value * kept + sample * (1 - kept)
      let (isOurs, current) = bits.weakCompareExchange(
        expected: old, desired: new.bitPattern, ordering: .relaxed)
      if isOurs { return }
      old = current
    }
  }

  /// The estimate with the time that has passed since the last sample, in which a peak fades too.
  ///
  /// - Parameter now: `nil`: as it was at the last sample.
  func seconds(now: Duration?) -> Double? {
    guard let latest, let now else { return latest }
    let elapsed =
      Double(max(0, now.inNanoseconds - stamp.load(ordering: .relaxed))) / 1e9
    guard elapsed > 0 else { return latest }
    return latest * exponential(-elapsed / Double(bitPattern: decay.load(ordering: .relaxed)))
  }
}

extension Duration {
  var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) / 1e18
  }

  /// Exact within 292 years.
  var inNanoseconds: Int64 {
    let (seconds, attoseconds) = components
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    guard !overflow else { return seconds < 0 ? .min : .max }
    return product.addingReportingOverflow(attoseconds / 1_000_000_000).partialValue
  }
}
