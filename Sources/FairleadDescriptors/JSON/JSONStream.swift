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

  package init() {}

  /// Bytes that wait for the end of a value.
  package var pending: Int { self.bytes.count - self.start }

  package mutating func append(_ bytes: some Sequence<UInt8>) {
    self.bytes += bytes
  }

  /// The next object or list that is whole; nil until more text is there.
  package mutating func next() throws(JSONProblem) -> JSONValue? {
    while self.scanned < self.bytes.count {
      let byte = self.bytes[self.scanned]
      self.scanned += 1
      guard self.ends(with: byte) else { continue }
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

  /// After the last piece: the value at the end of the text, which may be of any kind; nil if nothing
  /// but space is left.
  package mutating func finish() throws(JSONProblem) -> JSONValue? {
    defer { self = JSONStream() }
    var reader = JSONReader(Array(self.bytes[self.start...]), origin: self.place)
    guard let value = try reader.next() else { return nil }
    guard try reader.next() == nil else {
      throw JSONProblem("The JSON text has several values that are no objects.")
    }
    return value
  }

  /// Whether an object or a list ends here. Text that is no JSON is found out by the reader.
  private mutating func ends(with byte: UInt8) -> Bool {
    if self.isInString {
      if self.isEscaped {
        self.isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        self.isEscaped = true
      } else if byte == UInt8(ascii: "\"") {
        self.isInString = false
      }
      return false
    }
    switch byte {
    case UInt8(ascii: "\""): self.isInString = true
    case UInt8(ascii: "{"), UInt8(ascii: "["): self.depth += 1
    case UInt8(ascii: "}"), UInt8(ascii: "]"):
      self.depth = max(0, self.depth - 1)
      return self.depth == 0
    case _: break
    }
    return false
  }
}
