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
  private let fields: [String: ManifestNode.Field]
  private let order: [String]
  private var known = Set<String>()
  private var isOpen = false
  /// One reader for each nested object, so that what one caller takes note of holds for the next.
  private var nested: [String: FieldReader] = [:]

  init(_ node: ManifestNode, path: String, in context: DecodingContext) {
    self.context = context
    self.path = path
    mark = node.mark
    let list = node.fields ?? []
    fields = Dictionary(list.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
    order = list.map(\.key)
    context.register(self)
  }

  /// Every key, in the order of the text.
  var keys: [String] { order }

  /// The value of a field, taken note of; `nil` if it is absent or null.
  func value(_ key: String) -> ManifestNode? {
    known.insert(key)
    guard let value = fields[key]?.value, !value.isNull else { return nil }
    return value
  }

  func has(_ key: String) -> Bool { value(key) != nil }

  /// These fields have no influence on where calls go: no finding.
  func ignore(_ keys: String...) {
    known.formUnion(keys)
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
    let mark = fields[key]?.keyMark ?? mark
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
    isOpen ? [] : order.filter { !known.contains($0) }
  }

  func reportUnknownFields() {
    for key in unknownKeys {
      var message = "unknown field \(quoted(key))"
      if !context.findings.isFull, let near = Spelling.nearest(to: key, in: known) {
        message += "; did you mean \(quoted(near))?"
      }
      report(.warning, .unknownField, message, at: key)
    }
  }
}
