/// A call that is to begin.
package struct ScheduledCall: Sendable, Hashable {
  /// Which call of the run it is, from 0; no two workers have the same.
  package let number: Int
  /// When it was to begin, in nanoseconds of the run's clock: its latency counts from here. Never later than it begins.
  package let intendedStart: UInt64
  /// Whether it counts: it was due after the warm-up.
  package let isMeasured: Bool
}
