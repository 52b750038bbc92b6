import FairleadManifests

/// One object as the API server sent it, read as far as it can be.
package struct WatchedObject: Sendable, Hashable {
  package var key: ObjectKey
  /// `nil` if it is invalid, or says nothing of where calls go.
  package var object: ManifestObject?
  package var findings: [Finding]

  /// Whether the object is there and cannot be read: what was known of it before still counts.
  package var isInvalid: Bool { object == nil && findings.hasErrors }

  package init(key: ObjectKey, object: ManifestObject?, findings: [Finding] = []) {
    self.key = key
    self.object = object
    self.findings = findings
  }

  /// `nil` if the node is no object with a name.
  init?(_ node: ManifestNode, scope: ResourceScope) {
    guard let key = ObjectKey(node) else { return nil }
    self.key = key
    let node = scope.isMetadataOnly ? node.withoutType : node
    (object, findings) = ManifestObject.decode(node, kind: scope.kind)
  }
}

extension ObjectKey {
  /// As `metadata` says.
  init?(_ node: ManifestNode) {
    guard let metadata = node["metadata"], let name = metadata["name"]?.text, !name.isEmpty else {
      return nil
    }
    self.init(namespace: metadata["namespace"]?.text ?? "default", name: name)
  }
}

extension ManifestNode {
  /// An object that was cut down to its metadata says that it is one, and not of which kind.
  fileprivate var withoutType: ManifestNode {
    guard let fields else { return self }
    return ManifestNode(
      .mapping(fields.filter { $0.key != "kind" && $0.key != "apiVersion" }), mark: mark)
  }
}
