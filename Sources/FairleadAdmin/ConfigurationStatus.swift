import FairleadRouting

/// The configuration in force, and what was wrong with the one that is not.
package struct ConfigurationStatus: Sendable {
  package var snapshot: Snapshot
  /// When its sources were read, as a date and time in ISO 8601; `nil` for the empty one before the first reading.
  package var readAt: String?
  /// When it came into force.
  package var appliedAt: String?
  /// The findings for which the last reading was refused; empty when it was accepted.
  package var refused: [String]
  /// Warnings and remarks about the one in force.
  package var findings: [String]

  package init(
    snapshot: Snapshot, readAt: String? = nil, appliedAt: String? = nil, refused: [String] = [],
    findings: [String] = []
  ) {
    self.snapshot = snapshot
    self.readAt = readAt
    self.appliedAt = appliedAt
    self.refused = refused
    self.findings = findings
  }
}
