/// One remark on a configuration: what is wrong or worth knowing, and where.
package struct Finding: Sendable, Hashable {
  package var severity: Severity
  package var code: FindingCode
  /// One sentence without a full stop, for people.
  package var message: String
  package var origin: Origin

  package init(_ severity: Severity, _ code: FindingCode, _ message: String, at origin: Origin) {
    self.severity = severity
    self.code = code
    self.message = message
    self.origin = origin
  }
}

extension Finding: CustomStringConvertible {
  /// `file:line: severity code: message (path)`, without the parts that are not known.
  package var description: String {
    var text = ""
    if let file = origin.file {
      text += origin.line > 0 ? "\(file):\(origin.line): " : "\(file): "
    }
    text += "\(severity.rawValue) \(code.rawValue): \(message)"
    if !origin.path.isEmpty {
      text += " (\(origin.path))"
    }
    return text
  }
}

extension Finding: Comparable {
  /// By place: file, line, column, path; then the worse one first.
  package static func < (lhs: Finding, rhs: Finding) -> Bool {
    let (left, right) = (lhs.origin, rhs.origin)
    if left.file != right.file { return (left.file ?? "") < (right.file ?? "") }
    if left.line != right.line { return left.line < right.line }
    if left.column != right.column { return left.column < right.column }
    if left.path != right.path { return left.path < right.path }
    if lhs.severity != rhs.severity { return lhs.severity < rhs.severity }
    return (lhs.code.rawValue, lhs.message) < (rhs.code.rawValue, rhs.message)
  }
}

extension Finding: Encodable {
  private enum CodingKeys: String, CodingKey {
    case severity, code, message, file, line, column, object, path
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(severity, forKey: .severity)
    try container.encode(code, forKey: .code)
    try container.encode(message, forKey: .message)
    try container.encodeIfPresent(origin.file, forKey: .file)
    if origin.line > 0 {
      try container.encode(origin.line, forKey: .line)
      try container.encode(origin.column, forKey: .column)
    }
    try container.encodeIfPresent(origin.object, forKey: .object)
    if !origin.path.isEmpty {
      try container.encode(origin.path, forKey: .path)
    }
  }
}

extension Sequence<Finding> {
  /// Whether a configuration with these findings is refused.
  package var hasErrors: Bool { contains { $0.severity == .error } }
}
