import FairleadManifests

/// One line of a watch.
enum WatchLine: Sendable {
  case put(WatchedObject, revision: String?)
  case removed(ObjectKey, revision: String?)
  case bookmark(revision: String?)
  case error(APIStatus)

  /// `nil` if it is none.
  init?(_ bytes: [UInt8], scope: ResourceScope) {
    guard let node = try? ManifestNode(json: bytes), let type = node["type"]?.text,
      let object = node["object"]
    else { return nil }
    let revision = object["metadata"]?["resourceVersion"]?.text
    switch type {
    case "ADDED", "MODIFIED":
      guard let watched = WatchedObject(object, scope: scope) else { return nil }
      self = .put(watched, revision: revision)
    case "DELETED":
      guard let key = ObjectKey(object) else { return nil }
      self = .removed(key, revision: revision)
    case "BOOKMARK":
      self = .bookmark(revision: revision)
    case "ERROR":
      self = .error(APIStatus(object))
    default:
      return nil
    }
  }
}
