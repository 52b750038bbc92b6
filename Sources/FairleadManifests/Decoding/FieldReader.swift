/// Reads the fields of one object of a manifest, and remembers which, so that none is ignored in
/// silence.
///
/// A field that is absent or null is `nil`. A field of the wrong type is `nil`, too, and an error
/// finding.
final class FieldReader {
  let context: DecodingContext
  /// `spec.http[0]`; empty at the top.
  let path: String
  let mark: ManifestNode.Mark
  /// In the order of the text.
  private let fields: [ManifestNode.Field]
  /// Positions in `fields`; `nil` where they are so few that looking through them is faster.
  private let positions: [String: Int]?
  /// Whether the field at this position was asked for.
  private var isKnown: [Bool]
  /// Every key that was asked for, there or not.
  private var asked: [String] = []
  private var isOpen = false
  /// One reader for each nested object, so that what one caller takes note of holds for the next.
  private var nested: [String: FieldReader] = [:]

  init(_ node: ManifestNode, path: String, in context: DecodingContext) {
    self.context = context
    self.path = path
    mark = node.mark
    fields = node.fields ?? []
    positions =
      fields.count > 16
      ? Dictionary(
        fields.enumerated().map { ($1.key, $0) }, uniquingKeysWith: { first, _ in first }) : nil
    isKnown = Array(repeating: false, count: fields.count)
    context.register(self)
  }

  /// Every key, in the order of the text.
  var keys: [String] { fields.map(\.key) }

  private func position(of key: String) -> Int? {
    guard let positions else { return fields.firstIndex { $0.key == key } }
    return positions[key]
  }

  /// The value of a field, taken note of; `nil` if it is absent or null.
  func value(_ key: String) -> ManifestNode? {
    asked.append(key)
    guard let position = position(of: key) else { return nil }
    isKnown[position] = true
    let value = fields[position].value
    return value.isNull ? nil : value
  }

  func has(_ key: String) -> Bool { value(key) != nil }

  /// These fields have no influence on where calls go: no finding.
  func ignore(_ keys: String...) {
    asked += keys
    for case let position? in keys.map(position(of:)) {
      isKnown[position] = true
    }
  }

  /// Any further field is accepted without a finding.
  func ignoreTheRest() {
    isOpen = true
  }

  func nestedReader(_ node: ManifestNode, path: String) -> FieldReader {
    if let reader = nested[path] { return reader }
    let reader = FieldReader(node, path: path, in: context)
    nested[path] = reader
    return reader
  }

  // MARK: Places

  func path(of key: String) -> String {
    let isPlain = key.utf8.allSatisfy {
      $0 != UInt8(ascii: ".") && $0 != UInt8(ascii: "[") && $0 > 32 && $0 != 127
    }
    guard isPlain, key.utf8.count <= 80 else { return "\(path)[\"\(printable(key))\"]" }
    return path.isEmpty ? key : "\(path).\(key)"
  }

  /// The place of a field: its key if it is there, else the object that lacks it.
  func origin(_ key: String) -> Origin {
    let mark = position(of: key).map { fields[$0].keyMark } ?? mark
    return context.origin(mark, path: path(of: key))
  }

  /// The place of the object itself.
  var origin: Origin { context.origin(mark, path: path) }

  func report(_ severity: Severity, _ code: FindingCode, _ message: String, at key: String) {
    context.report(severity, code, message, at: origin(key))
  }

  func reportWrongType(_ key: String, _ value: ManifestNode, wanted: String) {
    report(
      .error, .wrongType, "\(quoted(key)) must be \(wanted), not \(value.kindInWords)", at: key)
  }

  // MARK: Fields nobody asked for

  fileprivate var unknownKeys: [String] {
    isOpen ? [] : fields.indices.filter { !isKnown[$0] }.map { fields[$0].key }
  }

  func reportUnknownFields() {
    let unknown = unknownKeys
    guard !unknown.isEmpty else { return }
    let known = Set(asked)
    for key in unknown {
      var message = "unknown field \(quoted(key))"
      if !context.findings.isFull, let near = Spelling.nearest(to: key, in: known) {
        message += "; did you mean \(quoted(near))?"
      }
      report(.warning, .unknownField, message, at: key)
    }
  }
}
