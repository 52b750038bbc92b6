/// A JSON value that keeps the order of keys and all digits of numbers.
package enum JSONValue: Sendable, Hashable {
  package struct Member: Sendable, Hashable {
    package var key: String
    package var value: JSONValue

    package init(_ key: String, _ value: JSONValue) {
      self.key = key
      self.value = value
    }
  }

  case null
  case bool(Bool)
  /// As it is in the text.
  case number(String)
  case string(String)
  case array([JSONValue])
  case object([Member])

  /// The value of a key in an object; nil elsewhere.
  package subscript(key: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key == key }?.value
  }

  /// What it is, for errors: `the text "x"`, `a list`.
  var summary: String {
    switch self {
    case .null: "null"
    case .bool(let value): "\(value)"
    case .number(let text): text.utf8.count <= 40 ? text : "a number of \(text.utf8.count) digits"
    case .string(let text): Self.quoted(text)
    case .array: "a list"
    case .object: "an object"
    }
  }

  /// Text between quotation marks, shortened, without control characters.
  static func quoted(_ text: String) -> String {
    let short = text.unicodeScalars.prefix(40)
    var writer = JSONWriter(indentation: nil)
    writer.write(.string(String(String.UnicodeScalarView(short))))
    let isWhole = short.endIndex == text.unicodeScalars.endIndex
    return writer.text + (isWhole ? "" : "…")
  }
}
