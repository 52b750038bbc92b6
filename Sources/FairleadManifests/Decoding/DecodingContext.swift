/// What decoding one object gathers: findings, and the readers whose fields must all be accounted
/// for.
final class DecodingContext {
  let file: String?
  /// `Service default/greeter`, for findings.
  let object: String?
  private(set) var findings = FindingList()
  private var readers: [FieldReader] = []

  init(file: String?, object: String?) {
    self.file = file
    self.object = object
  }

  func report(_ severity: Severity, _ code: FindingCode, _ message: String, at origin: Origin) {
    // A field that is read twice is wrong once.
    findings.add(severity, code, message, at: origin)
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
  }

  /// Breaks the cycle between a context and its readers. To be called at the end, finished or not.
  func release() {
    readers = []
  }
}
