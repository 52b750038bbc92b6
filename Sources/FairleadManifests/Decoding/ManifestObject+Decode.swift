extension ManifestObject {
  /// Reads one object as an API server sends it: alone, in an event of a watch, or as an item of a typed list, which says
  /// neither `kind` nor `apiVersion`.
  ///
  /// - Parameter kind: what was asked for.
  /// - Returns: no object if a finding is an error, or if nothing of it decides where calls go, as of a Service of type
  ///   `ExternalName`.
  package static func decode(
    _ node: ManifestNode, kind: ManifestKind
  ) -> (object: ManifestObject?, findings: [Finding]) {
    if let other = node["kind"]?.text, other != kind.rawValue {
      let finding = Finding(
        .error, .invalidValue, "a \(kind.rawValue) was asked for and \(quoted(other)) has come",
        at: Origin(path: "kind"))
      return (nil, [finding])
    }
    var decoder = ObjectDecoder(file: nil)
    decoder.decode(node, listed: ObjectType(kind))
    return (decoder.objects.first, decoder.findings)
  }
}
