import FairleadManifests
import FairleadRouting

/// A configuration that is good, to be put in force.
package struct AppliedConfiguration: Sendable {
  /// With a generation one above that of the configuration before.
  package var snapshot: Snapshot
  /// How many warnings and remarks there are about it.
  package var findingCount: Int
  package var summary: ConfigurationSummary
  /// When the news that made it was there to be read.
  package var readAt: ContinuousClock.Instant

  package init(
    snapshot: Snapshot, findingCount: Int, summary: ConfigurationSummary,
    readAt: ContinuousClock.Instant
  ) {
    self.snapshot = snapshot
    self.findingCount = findingCount
    self.summary = summary
    self.readAt = readAt
  }
}
