import FairleadManifests

/// What one word of the API server changes.
package struct KubernetesUpdate: Sendable {
  /// For each kind first a ``ObjectChange/replaceAll(_:_:)`` with all its objects, then single objects.
  package var changes: [ObjectChange]
  /// All that there is to say of the objects' content now; `nil` if it is as before. An object with an
  /// error keeps its last good version.
  package var findings: [Finding]?
  /// Something began to be wrong, or is wrong in another way.
  package var failure: KubernetesFailure?
  /// Nothing is wrong any more.
  package var hasRecovered: Bool
  /// When it arrived.
  package var arrivedAt: ContinuousClock.Instant
}
