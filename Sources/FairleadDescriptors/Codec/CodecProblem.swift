/// Why JSON cannot become a message, or bytes cannot be read as one: one sentence with the path.
package struct CodecProblem: Error, Sendable, Hashable, CustomStringConvertible {
  /// Where, as in `greeting.items[3].name`; empty for the message itself.
  package private(set) var path: String
  /// What is wrong, without the path and a full stop.
  package var reason: String

  init(_ reason: String) {
    self.path = ""
    self.reason = reason
  }

  package var description: String {
    if self.path.isEmpty {
      return "\(self.reason.prefix(1).uppercased())\(self.reason.dropFirst())."
    }
    return "\(self.path): \(self.reason)."
  }

  /// The same for the end of a sentence, without a full stop.
  package var clause: String {
    self.path.isEmpty ? self.reason : "\(self.path): \(self.reason)"
  }

  static let tooDeep = CodecProblem("messages nest more than \(MessageCodec.maximumDepth) deep")

  /// The same, seen from the message around it.
  func inside(_ part: String) -> CodecProblem {
    var copy = self
    let isJoined = self.path.isEmpty || self.path.hasPrefix("[")
    copy.path = isJoined ? part + self.path : "\(part).\(self.path)"
    return copy
  }

  func inside(_ field: FieldDescriptor) -> CodecProblem {
    self.inside(field.isExtension ? field.jsonName : field.name)
  }
}
