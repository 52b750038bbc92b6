import Synchronization

/// How the calls to one endpoint ended since the last sweep. Safe to use from any thread.
final class CallTally: Sendable {
  private let successes = Atomic<Int>(0)
  private let failures = Atomic<Int>(0)
  private let failuresInARow = Atomic<Int>(0)
  /// What counts as a failure; nothing is counted while it is empty.
  private let failureBits = Atomic<UInt32>(0)
  /// How many failures in a row are to be told; 0: none.
  private let limit = Atomic<Int>(0)

  /// Calls that ended in one interval.
  struct Interval: Sendable, Equatable {
    var successes: Int
    var failures: Int

    var calls: Int { successes + failures }
  }

  /// What to count from now on; `nil`: nothing.
  func count(_ configuration: OutlierDetection?) {
    let isCounted = configuration?.isActive ?? false
    limit.store(configuration?.consecutiveFailures ?? 0, ordering: .relaxed)
    failureBits.store(isCounted ? configuration?.failures.bits ?? 0 : 0, ordering: .relaxed)
  }

  /// Counts a call by its final status. `true` at the failure that completes the row.
  func record(status: Int) -> Bool {
    let bits = failureBits.load(ordering: .relaxed)
    guard bits != 0 else { return false }
    guard StatusSet(bits: bits).contains(status) else {
      successes.wrappingAdd(1, ordering: .relaxed)
      failuresInARow.store(0, ordering: .relaxed)
      return false
    }
    failures.wrappingAdd(1, ordering: .relaxed)
    let row = failuresInARow.wrappingAdd(1, ordering: .relaxed).newValue
    let limit = limit.load(ordering: .relaxed)
    // At every further one too: the first might have come when no more could be ejected.
    return limit > 0 && row >= limit
  }

  /// Whether as many calls in a row failed as are to be told.
  var isRowComplete: Bool {
    let limit = limit.load(ordering: .relaxed)
    return limit > 0 && failuresInARow.load(ordering: .relaxed) >= limit
  }

  /// The counts since the last time; they begin anew.
  func takeInterval() -> Interval {
    Interval(
      successes: successes.exchange(0, ordering: .relaxed),
      failures: failures.exchange(0, ordering: .relaxed))
  }

  /// The row begins anew: the endpoint was ejected for it.
  func endRow() {
    failuresInARow.store(0, ordering: .relaxed)
  }
}
