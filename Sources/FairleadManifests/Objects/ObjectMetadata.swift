/// What every object says about itself.
package struct ObjectMetadata: Sendable, Hashable {
  package var name: String
  /// `default` if the object does not say.
  package var namespace: String
  package var labels: [String: String]
  /// Those named `fairlead.dev/…`, the only ones that are kept.
  package var annotations: [String: String]
  /// RFC 3339 in UTC, so that text order is time order; `nil` before the object is in a cluster.
  package var creationTimestamp: String?
  /// Whether the object is being deleted.
  package var isDeleting: Bool
  /// Where the object begins.
  package var origin: Origin

  package init(
    name: String, namespace: String = "default", labels: [String: String] = [:],
    annotations: [String: String] = [:], creationTimestamp: String? = nil,
    isDeleting: Bool = false, origin: Origin = Origin()
  ) {
    self.name = name
    self.namespace = namespace
    self.labels = labels
    self.annotations = annotations
    self.creationTimestamp = creationTimestamp
    self.isDeleting = isDeleting
    self.origin = origin
  }

  package var key: ObjectKey { ObjectKey(namespace: namespace, name: name) }
}
