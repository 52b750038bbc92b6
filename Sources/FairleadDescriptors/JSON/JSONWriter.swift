/// Writes JSON text.
struct JSONWriter {
  /// Spaces for each level; nil puts all on one line.
  let indentation: Int?
  private var bytes: [UInt8] = []
  private var level = 0

  init(indentation: Int?) {
    self.indentation = indentation.map { max(0, $0) }
  }

  var text: String { String(decoding: self.bytes, as: UTF8.self) }

  mutating func write(_ value: JSONValue) {
    switch value {
    case .null: self.bytes += "null".utf8
    case .bool(let value): self.bytes += (value ? "true" : "false").utf8
    case .number(let text): self.bytes += text.utf8
    case .string(let text): self.write(string: text)
    case .array(let items):
      self.write(items, between: "[", "]") { writer, item in writer.write(item) }
    case .object(let members):
      self.write(members, between: "{", "}") { writer, member in
        writer.write(string: member.key)
        writer.bytes += (writer.indentation == nil ? ":" : ": ").utf8
        writer.write(member.value)
      }
    }
  }

  private mutating func write<Item>(
    _ items: [Item], between open: String, _ close: String,
    _ body: (inout JSONWriter, Item) -> Void
  ) {
    self.bytes += open.utf8
    self.level += 1
    for (index, item) in items.enumerated() {
      if index > 0 { self.bytes.append(UInt8(ascii: ",")) }
      self.breakLine()
      body(&self, item)
    }
    self.level -= 1
    if !items.isEmpty { self.breakLine() }
    self.bytes += close.utf8
  }

  private mutating func breakLine() {
    guard let indentation = self.indentation else { return }
    self.bytes.append(UInt8(ascii: "\n"))
    self.bytes += repeatElement(UInt8(ascii: " "), count: self.level * indentation)
  }

  /// What is not for being seen is written by its number, be it a control character or one that turns the direction of writing: the
  /// text is the same, and terminals do not obey it.
  private mutating func write(string text: String) {
    self.bytes.append(UInt8(ascii: "\""))
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": self.bytes += "\\\"".utf8
      case "\\": self.bytes += "\\\\".utf8
      case "\n": self.bytes += "\\n".utf8
      case "\r": self.bytes += "\\r".utf8
      case "\t": self.bytes += "\\t".utf8
      case _ where scalar.isUnprintable: self.write(escaped: scalar)
      case _: self.bytes += scalar.utf8
      }
    }
    self.bytes.append(UInt8(ascii: "\""))
  }

  private mutating func write(escaped scalar: Unicode.Scalar) {
    for unit in scalar.utf16 {
      let digits = String(unit, radix: 16)
      self.bytes += "\\u".utf8
      self.bytes += repeatElement(UInt8(ascii: "0"), count: 4 - digits.count)
      self.bytes += digits.utf8
    }
  }
}

extension JSONValue {
  /// The text, on one line or with that many spaces for each level.
  package func text(indentation: Int? = nil) -> String {
    var writer = JSONWriter(indentation: indentation)
    writer.write(self)
    return writer.text
  }
}
