import FairleadManifests

/// How much is read from disk before it is refused.
package struct FileLimits: Sendable {
  /// Files in all paths together.
  package var files = 10_000
  /// Folders inside each other.
  package var folderDepth = 32
  /// What one file may hold.
  package var yaml = YAMLLimits()

  package init() {}
}
