import FairleadManifests

/// What files say, all of it, without an error.
package struct FileConfiguration: Sendable {
  package var store: ObjectStore
  /// Warnings and remarks about the files' text, by place; those of the compiler are not among them.
  package var findings: [Finding]
  /// How many objects of each kind were passed over because they do not decide where calls go.
  package var skippedKinds: [String: Int]
  /// The time of the look at which the files were read.
  package var readAt: ContinuousClock.Instant

  package init(
    store: ObjectStore, findings: [Finding] = [], skippedKinds: [String: Int] = [:],
    readAt: ContinuousClock.Instant
  ) {
    self.store = store
    self.findings = findings
    self.skippedKinds = skippedKinds
    self.readAt = readAt
  }
}
