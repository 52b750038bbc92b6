import FairleadManifests
import Foundation
import NIOHTTP1

@testable import FairleadKubernetes

/// A request as the stand-in for an API server has understood it.
struct APIQuestion: Sendable {
  var kind: ManifestKind
  var version: String
  var namespace: String?
  var query: [String: String]
  var accept: String
  var authorization: String?

  enum Verb: Sendable, Hashable {
    case list, watch
  }

  var verb: Verb { query["watch"] == "true" ? .watch : .list }

  /// `nil` for a path that no object has.
  init?(_ head: HTTPRequestHead) {
    guard let parts = URLComponents(string: head.uri) else { return nil }
    var segments = parts.path.split(separator: "/").map(String.init)
    var group = ""
    switch segments.first {
    case "api": segments.removeFirst()
    case "apis" where segments.count > 1:
      group = segments[1]
      segments.removeFirst(2)
    default: return nil
    }
    guard let version = segments.first else { return nil }
    segments.removeFirst()
    if segments.first == "namespaces", segments.count == 3 {
      namespace = segments[1]
      segments.removeFirst(2)
    }
    let kind = ManifestKind.allCases.first { $0.group == group && $0.plural == segments.first }
    guard segments.count == 1, let kind else { return nil }
    self.kind = kind
    self.version = version
    query = Dictionary(
      (parts.queryItems ?? []).map { ($0.name, $0.value ?? "") }, uniquingKeysWith: { $1 })
    accept = head.headers.first(name: "accept") ?? ""
    authorization = head.headers.first(name: "authorization")
  }

  /// What a real server would refuse, or should never be asked.
  ///
  /// - Parameter revisions: that were ever told to a client.
  func faults(revisions: Set<String>) -> [String] {
    var faults: [String] = []
    func expect(_ isRight: Bool, _ what: String) {
      if !isRight { faults.append("\(verb) of \(kind.plural): \(what) in \(query), \(accept)") }
    }
    let names = Set(query.keys).subtracting(["labelSelector", "fieldSelector"])
    switch verb {
    case .list:
      expect(names.isSubset(of: ["limit", "continue", "resourceVersion"]), "a stray parameter")
      expect(query["limit"].flatMap { Int($0) } ?? 0 > 0, "no limit")
      expect(
        query["continue"] == nil || query["resourceVersion"] == nil,
        "a continuation with a revision")
    case .watch:
      expect(
        names == ["watch", "allowWatchBookmarks", "resourceVersion", "timeoutSeconds"],
        "a missing or stray parameter")
      expect(query["allowWatchBookmarks"] == "true", "no bookmarks")
      expect(revisions.contains(query["resourceVersion"] ?? ""), "a revision of nowhere")
      let timeout = query["timeoutSeconds"].flatMap { Int($0) } ?? 0
      expect((300..<600).contains(timeout), "a timeout out of range")
    }
    let cutDown =
      verb == .list ? ";as=PartialObjectMetadataList;" : ";as=PartialObjectMetadata;"
    expect(accept.contains("application/json"), "no JSON")
    expect(accept.contains(cutDown) == (kind == .pod), "whole pods, or others cut down")
    return faults
  }

  /// Whether a list or watch is about an object.
  func selects(_ object: StoredObject) -> Bool {
    if let namespace, namespace != object.namespace { return false }
    if let field = query["fieldSelector"], field != "metadata.name=\(object.name)" { return false }
    guard let label = query["labelSelector"]?.split(separator: "=") else { return true }
    return object.labels[String(label[0])] == String(label[1])
  }
}

/// An object as the stand-in keeps it.
struct StoredObject: Sendable {
  var namespace: String
  var name: String
  var labels: [String: String]
  var revision: Int
  /// In a list, which says the kind itself.
  var item: [UInt8]
  /// In an event, where the object says its kind.
  var whole: [UInt8]

  /// - Parameter json: gets the revision.
  init(_ json: [String: Any], _ kind: ManifestKind, revision: Int) throws {
    var json = json
    var metadata = json["metadata"] as? [String: Any] ?? [:]
    metadata["resourceVersion"] = String(revision)
    json["metadata"] = metadata
    namespace = metadata["namespace"] as? String ?? "default"
    name = metadata["name"] as? String ?? ""
    labels = metadata["labels"] as? [String: String] ?? [:]
    self.revision = revision
    item = [UInt8](try JSONSerialization.data(withJSONObject: json))
    if json["kind"] == nil {
      json["kind"] = kind.rawValue
      json["apiVersion"] = kind.group.isEmpty ? "v1" : "\(kind.group)/v1"
    }
    whole = [UInt8](try JSONSerialization.data(withJSONObject: json))
  }

  func event(_ type: String) -> [UInt8] {
    [UInt8](#"{"type":"\#(type)","object":"#.utf8) + whole + [UInt8]("}\n".utf8)
  }
}
