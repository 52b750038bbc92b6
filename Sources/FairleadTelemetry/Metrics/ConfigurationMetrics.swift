/// What became of the configurations that were read.
package struct ConfigurationMetrics: Sendable, Hashable {
  /// Generation of the snapshot in force; 0 before the first.
  package var generation: Int
  /// Snapshots that came into force.
  package var applied: Int
  /// Readings that were refused, leaving the one before in force.
  package var refused: Int
  /// When the snapshot in force came into force, in seconds since 1970; `nil` before the first.
  package var lastAppliedSeconds: Double?

  package init(
    generation: Int = 0,
    applied: Int = 0,
    refused: Int = 0,
    lastAppliedSeconds: Double? = nil
  ) {
    self.generation = generation
    self.applied = applied
    self.refused = refused
    self.lastAppliedSeconds = lastAppliedSeconds
  }
}
