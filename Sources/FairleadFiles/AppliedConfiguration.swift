import FairleadManifests
import FairleadRouting

/// A configuration that was read from files and is good.
package struct AppliedConfiguration: Sendable {
  /// With a generation one above that of the configuration before.
  package var snapshot: Snapshot
  /// Warnings and remarks, by place; no errors.
  package var findings: [Finding]
  package var summary: ConfigurationSummary
  /// How many objects of each kind were passed over because they do not decide where calls go.
  package var skippedKinds: [String: Int]
  /// The time of the look at which the files were read.
  package var readAt: ContinuousClock.Instant

  package init(
    snapshot: Snapshot, findings: [Finding], summary: ConfigurationSummary,
    skippedKinds: [String: Int], readAt: ContinuousClock.Instant
  ) {
    self.snapshot = snapshot
    self.findings = findings
    self.summary = summary
    self.skippedKinds = skippedKinds
    self.readAt = readAt
  }
}
