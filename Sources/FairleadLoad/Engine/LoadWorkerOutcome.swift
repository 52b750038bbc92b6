/// What one worker has to say at its end.
struct LoadWorkerOutcome: Sendable {
  var measurements: Measurements
  var notes: LoadNotes
  /// Of the measured part, in nanoseconds.
  var elapsed: UInt64
  var wasStopped: Bool

  mutating func merge(_ other: LoadWorkerOutcome) {
    measurements.merge(other.measurements)
    notes.merge(other.notes)
    elapsed = max(elapsed, other.elapsed)
    wasStopped = wasStopped || other.wasStopped
  }
}
