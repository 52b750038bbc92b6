import Synchronization

/// How many calls have ended so far, for a line on a terminal. Written by the workers of a run, read by anybody.
package final class LoadCounter: Sendable {
  private let allCalls = Atomic(0)
  private let failedCalls = Atomic(0)
  private let isWarm = Atomic(false)

  package init() {}

  /// Calls that count.
  package var calls: Int { allCalls.load(ordering: .relaxed) }
  package var failed: Int { failedCalls.load(ordering: .relaxed) }
  /// Whether the warm-up is over.
  package var isMeasuring: Bool { isWarm.load(ordering: .relaxed) }

  func add(calls: Int, failed: Int) {
    guard calls > 0 else { return }
    allCalls.add(calls, ordering: .relaxed)
    if failed > 0 { failedCalls.add(failed, ordering: .relaxed) }
    isWarm.store(true, ordering: .relaxed)
  }
}
