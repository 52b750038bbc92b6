/// One value of a manifest with its place: what YAML or JSON text says, before it is known to mean
/// anything.
package struct ManifestNode: Sendable {
  package var content: Content
  /// Where the value begins.
  package var mark: Mark

  package init(_ content: Content, mark: Mark) {
    self.content = content
    self.mark = mark
  }

  /// A place in a file, counted from 1; 0 if it did not come from a file.
  package struct Mark: Sendable, Hashable {
    package var line: Int
    package var column: Int

    package init(line: Int, column: Int) {
      self.line = line
      self.column = column
    }

    package static let none = Mark(line: 0, column: 0)
  }

  package enum Content: Sendable {
    case null
    case bool(Bool)
    case int(Int)
    case float(Double)
    case string(String)
    case sequence([ManifestNode])
    /// In the order of the text, each key once.
    case mapping([Field])
  }

  package struct Field: Sendable {
    package var key: String
    package var keyMark: Mark
    package var value: ManifestNode

    package init(key: String, keyMark: Mark, value: ManifestNode) {
      self.key = key
      self.keyMark = keyMark
      self.value = value
    }
  }
}

extension ManifestNode {
  /// The fields of a mapping; `nil` for anything else.
  package var fields: [Field]? {
    if case .mapping(let fields) = content { fields } else { nil }
  }

  /// A string's text; `nil` for anything else.
  package var text: String? {
    if case .string(let text) = content { text } else { nil }
  }

  package var isNull: Bool {
    if case .null = content { true } else { false }
  }

  /// The value of a field of a mapping.
  package subscript(_ key: String) -> ManifestNode? {
    fields?.first { $0.key == key }?.value
  }

  /// What kind of value it is, for messages: `a number`.
  package var kindInWords: String {
    switch content {
    case .null: "nothing"
    case .bool: "true or false"
    case .int, .float: "a number"
    case .string: "a string"
    case .sequence: "a list"
    case .mapping: "an object"
    }
  }
}
