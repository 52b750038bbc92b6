/// Reads JSON text (RFC 8259) strictly: no comments, no trailing commas, no key twice in an object.
///
/// Time and memory are linear in the text; lists and objects nest ``maximumDepth`` deep at most.
package struct JSONReader: Sendable {
  package static let maximumDepth = 100

  let bytes: [UInt8]
  var position = 0
  private let origin: JSONPosition
  private var depth = 0

  /// - Parameter origin: Where the text begins in the whole that it was cut out of.
  package init(_ bytes: [UInt8], origin: JSONPosition = JSONPosition()) {
    self.bytes = bytes
    self.origin = origin
    // A byte order mark is no part of the text.
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      self.position = 3
    }
  }

  /// The one value that the text is.
  package static func value(
    of bytes: [UInt8], origin: JSONPosition = JSONPosition()
  ) throws(JSONProblem) -> JSONValue {
    var reader = JSONReader(bytes, origin: origin)
    guard let value = try reader.next() else {
      throw JSONProblem("The JSON text is empty.")
    }
    reader.skipSpace()
    guard reader.position == bytes.count else {
      throw reader.problem("something follows the value")
    }
    return value
  }

  /// The next of several values, which may have space between them; nil at the end of the text.
  package mutating func next() throws(JSONProblem) -> JSONValue? {
    self.skipSpace()
    guard self.position < self.bytes.count else { return nil }
    return try self.value()
  }

  private mutating func value() throws(JSONProblem) -> JSONValue {
    self.skipSpace()
    guard let byte = self.peek else {
      throw self.problem("the text ends where a value is wanted")
    }
    switch byte {
    case UInt8(ascii: "{"):
      return try self.nested { (reader) throws(JSONProblem) in try reader.object() }
    case UInt8(ascii: "["):
      return try self.nested { (reader) throws(JSONProblem) in try reader.array() }
    case UInt8(ascii: "\""): return .string(try self.string())
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try self.number()
    case UInt8(ascii: "t"): return try self.word("true", .bool(true))
    case UInt8(ascii: "f"): return try self.word("false", .bool(false))
    case UInt8(ascii: "n"): return try self.word("null", .null)
    case _: throw self.problem("a value is wanted here")
    }
  }

  private mutating func nested(
    _ body: (inout JSONReader) throws(JSONProblem) -> JSONValue
  ) throws(JSONProblem) -> JSONValue {
    guard self.depth < Self.maximumDepth else {
      throw self.problem("lists and objects nest more than \(Self.maximumDepth) deep")
    }
    self.depth += 1
    defer { self.depth -= 1 }
    self.position += 1
    return try body(&self)
  }

  private mutating func object() throws(JSONProblem) -> JSONValue {
    var members: [JSONValue.Member] = []
    // By their bytes: letters that look alike are not the same key.
    var keys: Set<[UInt8]> = []
    if self.take(UInt8(ascii: "}")) { return .object([]) }
    repeat {
      self.skipSpace()
      guard self.peek == UInt8(ascii: "\"") else {
        throw self.problem("a key in quotation marks is wanted here")
      }
      let start = self.position
      let key = try self.string()
      guard keys.insert(Array(key.utf8)).inserted else {
        self.position = start
        throw self.problem("the key \(JSONValue.quoted(key)) is there twice")
      }
      guard self.take(UInt8(ascii: ":")) else { throw self.problem("a colon is wanted here") }
      members.append(.init(key, try self.value()))
    } while self.take(UInt8(ascii: ","))
    guard self.take(UInt8(ascii: "}")) else {
      throw self.problem("a comma or a closing brace is wanted here")
    }
    return .object(members)
  }

  private mutating func array() throws(JSONProblem) -> JSONValue {
    var items: [JSONValue] = []
    if self.take(UInt8(ascii: "]")) { return .array([]) }
    repeat {
      items.append(try self.value())
    } while self.take(UInt8(ascii: ","))
    guard self.take(UInt8(ascii: "]")) else {
      throw self.problem("a comma or a closing bracket is wanted here")
    }
    return .array(items)
  }

  private mutating func word(_ word: String, _ value: JSONValue) throws(JSONProblem) -> JSONValue {
    guard self.bytes[self.position...].starts(with: word.utf8) else {
      throw self.problem("a value is wanted here")
    }
    self.position += word.utf8.count
    return value
  }

  private mutating func number() throws(JSONProblem) -> JSONValue {
    let start = self.position
    while let byte = self.peek, JSONNumber.mayContain(byte) {
      self.position += 1
    }
    let digits = self.bytes[start..<self.position]
    guard JSONNumber.isValid(digits) else {
      self.position = start
      throw self.problem("this is no number")
    }
    return .number(String(decoding: digits, as: UTF8.self))
  }
}

extension JSONReader {
  var peek: UInt8? {
    self.position < self.bytes.count ? self.bytes[self.position] : nil
  }

  mutating func skipSpace() {
    while let byte = self.peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      self.position += 1
    }
  }

  /// Passes over a byte, and space before it, if it is the next.
  private mutating func take(_ byte: UInt8) -> Bool {
    self.skipSpace()
    guard self.peek == byte else { return false }
    self.position += 1
    return true
  }

  /// A problem at the position.
  func problem(_ what: String) -> JSONProblem {
    let place = self.origin.after(self.bytes[..<self.position])
    return JSONProblem(
      "The JSON text is wrong at line \(place.line), column \(place.column): \(what).")
  }
}
