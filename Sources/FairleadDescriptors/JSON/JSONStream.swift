/// Cuts JSON values out of text that comes in pieces, as from a terminal.
///
/// A value is there as soon as its last byte is. Time is linear in the text, whatever the pieces are.
package struct JSONStream: Sendable {
  private var bytes: [UInt8] = []
  /// The end of the last value.
  private var start = 0
  /// Where that is in the whole text.
  private var place = JSONPosition()
  /// What was looked at already.
  private var scanned = 0
  private var depth = 0
  private var isInString = false
  private var isEscaped = false
  /// In a number or a word that no bracket is around: it ends before what is none of it.
  private var isBare = false

  package init() {}

  /// Bytes that wait for the end of a value.
  package var pending: Int { self.bytes.count - self.start }

  package mutating func append(_ bytes: some Sequence<UInt8>) {
    self.bytes += bytes
  }

  /// The next value that is whole; nil until more text is there. A number or a word is whole when something follows it.
  package mutating func next() throws(JSONProblem) -> JSONValue? {
    while self.scanned < self.bytes.count {
      let byte = self.bytes[self.scanned]
      if self.isBare, !Self.isBare(byte) {
        self.isBare = false
      } else {
        self.scanned += 1
        guard self.ends(with: byte) else { continue }
      }
      let value = Array(self.bytes[self.start..<self.scanned])
      let origin = self.place
      self.start = self.scanned
      self.place = origin.after(value)
      return try JSONReader.value(of: value, origin: origin)
    }
    // Once for all values of a piece.
    self.bytes.removeFirst(self.start)
    self.scanned -= self.start
    self.start = 0
    return nil
  }

  /// After the last piece: the number or word at the end of the text; nil if nothing but space is left.
  package mutating func finish() throws(JSONProblem) -> JSONValue? {
    defer { self = JSONStream() }
    var reader = JSONReader(Array(self.bytes[self.start...]), origin: self.place)
    guard let value = try reader.next() else { return nil }
    guard try reader.next() == nil else {
      throw JSONProblem("The JSON text has two values where one is expected.")
    }
    return value
  }

  /// Whether it can be part of a number or a word. What is none is found out by the reader.
  private static func isBare(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"),
      UInt8(ascii: "\""), UInt8(ascii: "{"), UInt8(ascii: "["):
      false
    case _: true
    }
  }

  /// Whether a value ends here that has an end of its own: an object, a list or a text. Text that is no JSON is found out by the reader.
  private mutating func ends(with byte: UInt8) -> Bool {
    if self.isInString {
      if self.isEscaped {
        self.isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        self.isEscaped = true
      } else if byte == UInt8(ascii: "\"") {
        self.isInString = false
        return self.depth == 0
      }
      return false
    }
    switch byte {
    case UInt8(ascii: "\""): self.isInString = true
    case UInt8(ascii: "{"), UInt8(ascii: "["): self.depth += 1
    case UInt8(ascii: "}"), UInt8(ascii: "]"):
      self.depth = max(0, self.depth - 1)
      return self.depth == 0
    case _: self.isBare = self.depth == 0 && Self.isBare(byte)
    }
    return false
  }
}
