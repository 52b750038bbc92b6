import Synchronization

/// How many calls have ended so far, for a line on a terminal. Written by the workers of a run, read by anybody.
package final class LoadCounter: Sendable {
  private let allCalls = Atomic(0)
  private let failedCalls = Atomic(0)
  private let isWarm = Atomic(false)
  private let slowNanoseconds = Atomic<UInt64>(0)

  package init() {}

  /// Calls that count.
  package var calls: Int { allCalls.load(ordering: .relaxed) }
  package var failed: Int { failedCalls.load(ordering: .relaxed) }
  /// Whether the warm-up is over.
  package var isMeasuring: Bool { isWarm.load(ordering: .relaxed) }

  /// What 99 % of the calls of a worker's last whole period did not exceed; `nil` before there is one with an answer.
  package var p99Seconds: Double? {
    let nanoseconds = slowNanoseconds.load(ordering: .relaxed)
    return nanoseconds == 0 ? nil : Double(nanoseconds) / 1e9
  }

  /// Told when a period of a timeline is over: some times a second, not with each call.
  func ended(_ period: Timeline.Interval) {
    let seconds = period.latencies.seconds(atPercentile: 99)
    slowNanoseconds.store(UInt64(seconds * 1e9), ordering: .relaxed)
  }

  func add(calls: Int, failed: Int) {
    guard calls > 0 else { return }
    allCalls.add(calls, ordering: .relaxed)
    if failed > 0 { failedCalls.add(failed, ordering: .relaxed) }
    isWarm.store(true, ordering: .relaxed)
  }
}
