import FairleadManifests
import FairleadRouting

/// A configuration that is good, to be put in force.
package struct AppliedConfiguration: Sendable {
  /// With a generation one above that of the configuration before.
  package let snapshot: Snapshot
  /// When the news that made it was there to be read.
  package let readAt: ContinuousClock.Instant
  private let compiled: CompiledConfiguration
  /// Of the objects' text, beside those of the compiler.
  private let textFindings: [Finding]

  init(
    snapshot: Snapshot, compiled: CompiledConfiguration, textFindings: [Finding],
    readAt: ContinuousClock.Instant
  ) {
    self.snapshot = snapshot
    self.compiled = compiled
    self.textFindings = textFindings
    self.readAt = readAt
  }

  package var summary: ConfigurationSummary { compiled.summary }

  package var findingCount: Int { textFindings.count + compiled.findingCount }

  /// Warnings and remarks, by place; put together when they are asked for. Errors are of objects whose last good version
  /// is in force.
  package var findings: [Finding] { (textFindings + compiled.findings).sorted() }
}
