/// Reads `metadata` of any object.
enum MetadataDecoder {
  /// Always answers; what is missing or wrong is a finding, and the object is then dropped.
  static func decode(_ object: FieldReader, kind: ManifestKind) -> ObjectMetadata {
    object.ignore("status")
    guard let reader = object.object("metadata") else {
      if !object.has("metadata") { object.reportMissing("metadata") }
      return ObjectMetadata(name: "", origin: object.origin)
    }
    reader.ignore(
      "generateName", "uid", "resourceVersion", "generation", "ownerReferences", "managedFields",
      "finalizers", "selfLink", "deletionGracePeriodSeconds", "clusterName")
    let name = name(reader, kind: kind)
    let annotations = reader.stringMap("annotations")
    reportUnknownAnnotations(annotations, kind: kind, in: reader)
    return ObjectMetadata(
      name: name, namespace: namespace(reader), labels: reader.stringMap("labels"),
      annotations: annotations.filter { $0.key.hasPrefix(prefix) },
      creationTimestamp: reader.string("creationTimestamp"),
      isDeleting: reader.string("deletionTimestamp") != nil, origin: object.origin)
  }

  /// Of the annotations that mean something here. Others can be large, and change often.
  private static let prefix = "fairlead.dev/"

  private static func name(_ reader: FieldReader, kind: ManifestKind) -> String {
    guard let name = reader.requiredString("name") else { return "" }
    let isValid =
      switch kind {
      case .service: Names.isLabel(name)
      case .endpointSlice, .pod, .serviceEntry, .virtualService, .destinationRule:
        Names.isSubdomain(name)
      }
    if !isValid {
      let dots = kind == .service ? "" : ", `.`"
      reader.report(
        .error, .invalidValue,
        "\(quoted(name)) is not a valid name: use lower-case letters, digits, `-`\(dots), and begin "
          + "and end with a letter or digit", at: "name")
    }
    return name
  }

  private static func namespace(_ reader: FieldReader) -> String {
    guard let namespace = reader.string("namespace"), !namespace.isEmpty else { return "default" }
    if !Names.isLabel(namespace) {
      reader.report(
        .error, .invalidValue, "\(quoted(namespace)) is not a valid namespace", at: "namespace")
    }
    return namespace
  }

  private static func reportUnknownAnnotations(
    _ annotations: [String: String], kind: ManifestKind, in reader: FieldReader
  ) {
    let known = kind.annotationNames
    for name in annotations.keys.sorted()
    where name.hasPrefix(prefix) && !known.contains(name) {
      var message = "\(kind.rawValue) has no annotation \(quoted(name))"
      if let near = Spelling.nearest(to: name, in: known) {
        message += "; did you mean \(quoted(near))?"
      }
      reader.reportAnnotation(.warning, .unknownField, message, name: name)
    }
  }
}

extension FieldReader {
  /// Reports an annotation, at its own line.
  func reportAnnotation(
    _ severity: Severity, _ code: FindingCode, _ message: String, name: String
  ) {
    var origin = origin("annotations")
    if let field = value("annotations")?.fields?.first(where: { $0.key == name }) {
      (origin.line, origin.column) = (field.keyMark.line, field.keyMark.column)
    }
    origin.path += "[\"\(printable(name))\"]"
    context.report(severity, code, message, at: origin)
  }
}

extension ManifestKind {
  /// The annotations `fairlead.dev/…` that it may have.
  fileprivate var annotationNames: [String] {
    switch self {
    case .service, .serviceEntry: BalancingAnnotations.names
    case .pod: [PodDecoder.weightName]
    case .endpointSlice, .virtualService, .destinationRule: []
    }
  }
}
