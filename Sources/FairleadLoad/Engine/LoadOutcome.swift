/// What came of a run.
package struct LoadOutcome: Sendable {
  package var measurements: Measurements
  /// From the beginning of the measured part to the end of the last measured call; at a rate at least to when the next call
  /// would have been due.
  package var elapsedSeconds: Double
  /// It was stopped before its plan was done.
  package var wasStopped: Bool
  /// What a reader of the numbers has to know, each a sentence.
  package var notes: [String]
  /// Why it ended before its plan was done, if not since it was stopped: a sentence.
  package var failure: String?
  /// The addresses that a resolver gave; empty without one.
  package var endpoints: [String] = []
}

extension LoadOutcome {
  /// Of a run that could not begin.
  package init(failure: String) {
    self.init(
      measurements: Measurements(), elapsedSeconds: 0, wasStopped: false, notes: [],
      failure: failure)
  }
}
