import FairleadManifests

/// Files were read and have errors, so that no configuration comes of them. The one before stays in
/// force.
package struct RefusedConfiguration: Error, Sendable {
  /// All errors, and warnings beside them, by place.
  package var findings: [Finding]
  /// The time of the look at which the files were read.
  package var readAt: ContinuousClock.Instant

  package init(findings: [Finding], readAt: ContinuousClock.Instant) {
    self.findings = findings
    self.readAt = readAt
  }
}

extension RefusedConfiguration: CustomStringConvertible {
  package var description: String {
    let errors = findings.filter { $0.severity == .error }
    let more = errors.count > 1 ? " (and \(errors.count - 1) more)" : ""
    return "the configuration is refused: \(errors.first?.description ?? "no reason")\(more)"
  }
}
