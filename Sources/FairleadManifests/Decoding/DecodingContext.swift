/// What decoding one object gathers: findings, and the readers whose fields must all be accounted
/// for.
final class DecodingContext {
  let file: String?
  /// `Service default/greeter`, for findings.
  var object: String?
  private(set) var findings: [Finding] = []
  private var seen = Set<Finding>()
  private var readers: [FieldReader] = []

  init(file: String?) {
    self.file = file
  }

  func report(_ severity: Severity, _ code: FindingCode, _ message: String, at origin: Origin) {
    let finding = Finding(severity, code, message, at: origin)
    // A field that is read twice is wrong once.
    if seen.insert(finding).inserted { findings.append(finding) }
  }

  func origin(_ mark: ManifestNode.Mark, path: String) -> Origin {
    Origin(file: file, line: mark.line, column: mark.column, path: path, object: object)
  }

  func register(_ reader: FieldReader) {
    readers.append(reader)
  }

  /// Reports every field that no reader was asked for. To be called once, when the object has been
  /// read.
  func finish() {
    for reader in readers {
      reader.reportUnknownFields()
    }
    let name = object
    for index in findings.indices where findings[index].origin.object == nil {
      findings[index].origin.object = name
    }
  }

  /// Breaks the cycle between a context and its readers. To be called at the end, finished or not.
  func release() {
    readers = []
  }
}
