/// A stretch of a run: the calls that ended in it.
package struct LoadInterval: Sendable, Hashable, Codable {
  /// When it began, from the start of the measured part.
  package let atSeconds: Double

  /// How long it was; the last one of a run may be shorter than the others.
  package let lengthSeconds: Double

  /// Calls that ended in it, failed ones too.
  package let calls: Int
  package let failed: Int

  /// Nil when no call ended in it.
  package let p50Seconds: Double?
  package let p99Seconds: Double?

  package init(
    atSeconds: Double, lengthSeconds: Double, calls: Int, failed: Int, p50Seconds: Double?,
    p99Seconds: Double?
  ) {
    self.atSeconds = atSeconds
    self.lengthSeconds = lengthSeconds
    self.calls = calls
    self.failed = failed
    self.p50Seconds = p50Seconds
    self.p99Seconds = p99Seconds
  }

  /// Calls a second.
  package var rate: Double {
    lengthSeconds > 0 ? Double(calls) / lengthSeconds : 0
  }
}
