/// A GET of a list or a watch.
struct APIRequest: Sendable {
  enum Verb: String, Sendable, Hashable {
    case list, watch
  }

  var verb: Verb
  var scope: ResourceScope
  var version: String
  /// Beside the selectors.
  var query: [(name: String, value: String)]

  /// Path and query.
  var target: String {
    var items = query
    if let selector = scope.labelSelector { items.append(("labelSelector", selector)) }
    if let selector = scope.fieldSelector { items.append(("fieldSelector", selector)) }
    return scope.path(version: version) + "?" + PercentEncoding.query(items)
  }

  /// A server that cannot cut objects down sends them whole.
  var accept: String {
    guard scope.isMetadataOnly else { return "application/json" }
    // A watch is asked for single objects.
    let kind = verb == .list ? "PartialObjectMetadataList" : "PartialObjectMetadata"
    return "application/json;as=\(kind);g=meta.k8s.io;v=v1,application/json"
  }
}
