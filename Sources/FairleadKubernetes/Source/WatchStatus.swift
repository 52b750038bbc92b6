import FairleadManifests

/// How far the objects of one kind are followed.
package struct WatchStatus: Sendable, Hashable {
  package var kind: ManifestKind
  /// Whether all objects of the kind were told once.
  package var isSynced = false
  /// Whether the cluster does not have the kind.
  package var isMissing = false
  package var objects = 0
  /// Watches that are open now: one for each namespace that is followed by itself.
  package var open = 0
  package var events = 0
  package var lists = 0
  package var failures = 0
  /// What is wrong now.
  package var failure: KubernetesFailure?

  init(kind: ManifestKind) {
    self.kind = kind
  }
}
