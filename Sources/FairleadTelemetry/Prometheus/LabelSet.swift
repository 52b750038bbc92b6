/// Labels of one sample, already in the text format and escaped.
struct LabelSet: Sendable, Hashable {
  /// `name="value",name="value"`, without the braces.
  private(set) var text: String

  static let none = LabelSet([])

  init(_ labels: [(name: String, value: String)]) {
    text = ""
    for label in labels {
      append(label.name, label.value)
    }
  }

  /// The same labels and one more.
  func adding(_ name: String, _ value: String) -> LabelSet {
    var copy = self
    copy.append(name, value)
    return copy
  }

  private mutating func append(_ name: String, _ value: String) {
    if !text.isEmpty {
      text += ","
    }
    text += name
    text += "=\""
    text += Self.escaped(value)
    text += "\""
  }

  /// Backslash, double quote and line feed are the three that the format escapes.
  private static func escaped(_ value: String) -> String {
    guard value.utf8.contains(where: { $0 == 0x5C || $0 == 0x22 || $0 == 0x0A }) else {
      return value
    }
    var escaped = ""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\\": escaped += "\\\\"
      case "\"": escaped += "\\\""
      case "\n": escaped += "\\n"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
