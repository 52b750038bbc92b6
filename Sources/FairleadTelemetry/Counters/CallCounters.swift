/// Calls that run, how those that ended did, how long they took and how many bytes they moved.
package struct CallCounters: Sendable {
  /// Calls that began and have not ended. Never below 0.
  package private(set) var active: Int = 0
  package private(set) var outcomes = OutcomeCounts()
  package private(set) var duration = Histogram(.duration)
  package private(set) var requestBytes = Histogram(.size)
  package private(set) var responseBytes = Histogram(.size)

  package init() {}

  /// A call began. Exactly one of ``callEnded(_:)`` and ``callMoved()`` must follow.
  package mutating func callBegan() {
    active &+= 1
  }

  /// A call that began has ended.
  package mutating func callEnded(_ outcome: borrowing CallOutcome) {
    active = max(0, active &- 1)
    record(outcome)
  }

  /// A call that began goes on elsewhere, and will be counted there.
  package mutating func callMoved() {
    active = max(0, active &- 1)
  }

  /// Counts a call that was answered at once: it never was among the active ones.
  package mutating func record(_ outcome: borrowing CallOutcome) {
    outcomes.count(OutcomeKind(outcome))
    duration.record(outcome.durationNanoseconds)
    requestBytes.record(Int64(outcome.requestBytes))
    responseBytes.record(Int64(outcome.responseBytes))
  }

  /// The same counts in storage of their own.
  package func copy() -> CallCounters {
    var copy = CallCounters()
    copy += self
    return copy
  }

  package static func += (total: inout CallCounters, other: CallCounters) {
    total.active &+= other.active
    total.outcomes += other.outcomes
    total.duration += other.duration
    total.requestBytes += other.requestBytes
    total.responseBytes += other.responseBytes
  }
}
