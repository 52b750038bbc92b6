/// How far the objects of one kind are followed in the Kubernetes API.
package struct WatchMetrics: Sendable, Hashable {
  package var kind: String
  /// Whether all objects of the kind were told once.
  package var isSynced: Bool
  /// Whether the last request to the API failed.
  package var isFailing: Bool
  package var objects: Int
  /// Watches that are open now.
  package var open: Int
  package var events: Int
  /// How often all objects were listed.
  package var lists: Int
  package var failures: Int

  package init(
    kind: String, isSynced: Bool, isFailing: Bool, objects: Int, open: Int, events: Int,
    lists: Int, failures: Int
  ) {
    self.kind = kind
    self.isSynced = isSynced
    self.isFailing = isFailing
    self.objects = objects
    self.open = open
    self.events = events
    self.lists = lists
    self.failures = failures
  }
}
