extension RequestTemplate {
  /// A template for each of the records: the values one after the other, or the items of the only one if that is a list.
  /// What a template stands for has no brackets, quotes or blanks, so that they are where they are in every text.
  ///
  /// Of a template that makes no JSON they are anything.
  func records() -> [RequestTemplate] {
    let values = Self.split(parts, by: .blanks)
    guard values.count == 1, let list = Self.items(of: values[0]) else {
      return values.map(RequestTemplate.init(parts:))
    }
    return Self.split(list, by: .commas).map(RequestTemplate.init(parts:))
  }

  private enum Separator {
    case blanks
    case commas
  }

  /// What is between the brackets of a list; `nil` if the value is none.
  private static func items(of value: [Part]) -> [Part]? {
    var items = value
    guard case .literal(var first) = items.first, first.first == UInt8(ascii: "[") else {
      return nil
    }
    first.removeFirst()
    items[0] = .literal(first)
    guard case .literal(var last) = items.last, last.last == UInt8(ascii: "]") else { return nil }
    last.removeLast()
    items[items.count - 1] = .literal(last)
    return items
  }

  private static func split(_ parts: [Part], by separator: Separator) -> [[Part]] {
    var records = Records()
    var position = Position()
    for part in parts {
      guard case .literal(let bytes) = part else {
        records.append(part)
        continue
      }
      for byte in bytes {
        let before = position
        position.pass(byte)
        switch separator {
        case .commas where before.isOutside && byte == UInt8(ascii: ","): records.end()
        case .blanks where before.isOutside && Position.isBlank(byte): records.end()
        case .blanks where before.isOutside && Position.opens(byte):
          records.end()
          records.append(byte)
        case .blanks where !before.isOutside && position.isOutside:
          records.append(byte)
          records.end()
        case .commas, .blanks: records.append(byte)
        }
      }
    }
    records.end()
    return records.all
  }

  /// Where in JSON a byte is.
  private struct Position {
    private var depth = 0
    private var isInString = false
    private var isEscaped = false

    /// In no object, list or string.
    var isOutside: Bool { depth == 0 && !isInString }

    mutating func pass(_ byte: UInt8) {
      if isEscaped {
        isEscaped = false
      } else if isInString {
        isEscaped = byte == UInt8(ascii: "\\")
        isInString = byte != UInt8(ascii: "\"")
      } else if byte == UInt8(ascii: "\"") {
        isInString = true
      } else if Self.opens(byte) {
        depth += 1
      } else if byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") {
        depth -= 1
      }
    }

    static func opens(_ byte: UInt8) -> Bool {
      byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") || byte == UInt8(ascii: "\"")
    }

    static func isBlank(_ byte: UInt8) -> Bool {
      byte == UInt8(ascii: " ") || (0x09...0x0D).contains(byte)
    }
  }

  private struct Records {
    private(set) var all: [[Part]] = []
    private var parts: [Part] = []
    private var literal: [UInt8] = []

    mutating func append(_ byte: UInt8) {
      literal.append(byte)
    }

    mutating func append(_ part: Part) {
      takeLiteral()
      parts.append(part)
    }

    mutating func end() {
      if !parts.isEmpty || !literal.allSatisfy(Position.isBlank) {
        takeLiteral()
        all.append(parts)
      }
      parts = []
      literal = []
    }

    private mutating func takeLiteral() {
      if !literal.isEmpty { parts.append(.literal(literal)) }
      literal = []
    }
  }
}
