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

  private mutating func write(string text: String) {
    self.bytes.append(UInt8(ascii: "\""))
    var isC1Possible = false
    for byte in text.utf8 {
      if isC1Possible, byte < 0xA0 {
        // A control character of two bytes, which terminals obey, too.
        self.bytes.removeLast()
        self.bytes += "\\u00\(String(byte, radix: 16))".utf8
        isC1Possible = false
        continue
      }
      isC1Possible = byte == 0xC2
      switch byte {
      case UInt8(ascii: "\""): self.bytes += "\\\"".utf8
      case UInt8(ascii: "\\"): self.bytes += "\\\\".utf8
      case UInt8(ascii: "\n"): self.bytes += "\\n".utf8
      case UInt8(ascii: "\r"): self.bytes += "\\r".utf8
      case UInt8(ascii: "\t"): self.bytes += "\\t".utf8
      case 0..<0x20, 0x7F:
        let digits = String(byte, radix: 16)
        self.bytes += ("\\u00" + (digits.count == 1 ? "0" : "") + digits).utf8
      case _: self.bytes.append(byte)
      }
    }
    self.bytes.append(UInt8(ascii: "\""))
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
