/// Turns one document into objects: recognises the kind, opens lists, and hands on to the kind's
/// own decoder.
struct ObjectDecoder {
  let file: String?
  private(set) var objects: [ManifestObject] = []
  private var list = FindingList()
  /// How many objects of each kind were passed over because they do not decide where calls go.
  private(set) var skippedKinds: [String: Int] = [:]

  init(file: String?) {
    self.file = file
  }

  var findings: [Finding] { list.all }

  /// - Parameters:
  ///   - path: where the document is inside its list; empty at the top.
  ///   - listed: what the items of a typed list are, as those of an API server do not say it themselves.
  mutating func decode(_ node: ManifestNode, path: String = "", listed: ObjectType? = nil) {
    guard node.fields != nil else {
      return refuse(
        node, path: path, .notAnObject,
        "a manifest must be an object with `apiVersion` and `kind`, not \(node.kindInWords)")
    }
    let context = DecodingContext(file: file, object: Self.name(of: node, listed: listed))
    defer { context.release() }
    let reader = FieldReader(node, path: path, in: context)
    guard let type = ObjectType(reader, listed: listed) else {
      list.add(context.findings)
      return
    }
    if let item = type.itemType {
      decodeItems(of: reader, type: item)
    } else if let kind = type.manifestKind {
      decode(reader, kind: kind, type: type)
    } else {
      skip(reader, type: type)
    }
    list.add(context.findings)
  }

  /// `Service default/greeter`, before anything is checked; `nil` if it has no name.
  private static func name(of node: ManifestNode, listed: ObjectType?) -> String? {
    let metadata = node["metadata"]
    guard let name = metadata?["name"]?.text, let kind = node["kind"]?.text ?? listed?.kind else {
      return nil
    }
    return printable("\(kind) \(metadata?["namespace"]?.text ?? "default")/\(name)")
  }

  private mutating func decodeItems(of reader: FieldReader, type: ObjectType?) {
    for (node, path) in reader.items("items") {
      decode(node, path: path, listed: type)
    }
  }

  private mutating func decode(_ reader: FieldReader, kind: ManifestKind, type: ObjectType) {
    let context = reader.context
    guard kind.versions.contains(type.version) else {
      reader.report(
        .error, .invalidValue,
        "`apiVersion` \(quoted(type.apiVersion)) of \(kind.rawValue) is not known; use "
          + quoted(kind.apiVersion(kind.versions[0])), at: "apiVersion")
      return
    }
    let metadata = MetadataDecoder.decode(reader, kind: kind)
    let object = Self.decode(reader, kind: kind, metadata: metadata)
    context.finish()
    if let object, !context.findings.all.hasErrors {
      objects.append(object)
    }
  }

  private static func decode(
    _ reader: FieldReader, kind: ManifestKind, metadata: ObjectMetadata
  ) -> ManifestObject? {
    switch kind {
    case .service:
      ServiceDecoder.decode(reader, metadata: metadata).map(ManifestObject.service)
    case .endpointSlice:
      EndpointSliceDecoder.decode(reader, metadata: metadata).map(ManifestObject.endpointSlice)
    case .pod:
      .pod(PodDecoder.decode(reader, metadata: metadata))
    case .serviceEntry:
      ServiceEntryDecoder.decode(reader, metadata: metadata).map(ManifestObject.serviceEntry)
    case .virtualService:
      VirtualServiceDecoder.decode(reader, metadata: metadata).map(ManifestObject.virtualService)
    case .destinationRule:
      DestinationRuleDecoder.decode(reader, metadata: metadata).map(ManifestObject.destinationRule)
    }
  }

  private mutating func skip(_ reader: FieldReader, type: ObjectType) {
    skippedKinds[printable(type.kind), default: 0] += 1
    switch type.significance {
    case .routing:
      reader.report(
        .warning, .notHonoured, "objects of kind \(quoted(type.kind)) are not honoured", at: "kind")
    case .none:
      break
    case .unknown:
      reader.report(
        .info, .unknownKind,
        "the kind \(quoted(type.kind)) of \(quoted(type.apiVersion)) is not known and passed over",
        at: "kind")
    }
  }

  private mutating func refuse(
    _ node: ManifestNode, path: String, _ code: FindingCode, _ message: String
  ) {
    let origin = Origin(file: file, line: node.mark.line, column: node.mark.column, path: path)
    list.add(.error, code, message, at: origin)
  }
}
