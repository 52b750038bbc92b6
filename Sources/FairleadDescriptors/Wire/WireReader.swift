/// Reads the parts of a serialised message, never beyond its end.
struct WireReader {
  let bytes: [UInt8]
  private(set) var position = 0
  /// The end of the innermost length-delimited part.
  private(set) var end: Int

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    self.end = bytes.count
  }

  var isAtEnd: Bool { self.position >= self.end }
  var remaining: Int { self.end - self.position }

  mutating func tag() throws(CodecProblem) -> (number: Int32, type: WireType) {
    let start = self.position
    let tag = try self.varint()
    guard tag <= UInt64(UInt32.max), tag >> 3 > 0 else {
      throw CodecProblem("the bytes at \(start) are no tag of a field")
    }
    guard let type = WireType(rawValue: UInt8(tag & 7)) else {
      throw CodecProblem("the tag at byte \(start) has the wire type \(tag & 7), which none has")
    }
    return (Int32(tag >> 3), type)
  }

  mutating func varint() throws(CodecProblem) -> UInt64 {
    var value: UInt64 = 0
    for index in 0..<10 {
      guard self.position < self.end else { throw self.truncated() }
      let byte = self.bytes[self.position]
      self.position += 1
      // Of the tenth byte one bit has room; others are lost, as elsewhere.
      value |= UInt64(byte & 0x7F) << UInt64(7 * index)
      if byte < 0x80 { return value }
    }
    throw CodecProblem("the varint that ends at byte \(self.position) is longer than ten bytes")
  }

  mutating func fixed32() throws(CodecProblem) -> UInt32 {
    UInt32(truncatingIfNeeded: try self.fixed(4))
  }

  mutating func fixed64() throws(CodecProblem) -> UInt64 {
    try self.fixed(8)
  }

  mutating func lengthDelimited() throws(CodecProblem) -> [UInt8] {
    let length = try self.length()
    defer { self.position += length }
    return Array(self.bytes[self.position..<self.position + length])
  }

  /// Goes into a length-delimited part; what it answers is for ``leave(to:)``.
  mutating func enter() throws(CodecProblem) -> Int {
    let length = try self.length()
    let outer = self.end
    self.end = self.position + length
    return outer
  }

  mutating func leave(to outer: Int) {
    self.position = self.end
    self.end = outer
  }

  private mutating func length() throws(CodecProblem) -> Int {
    let length = try self.varint()
    guard length <= UInt64(self.remaining) else {
      throw CodecProblem(
        "a part of \(length) bytes begins at byte \(self.position), "
          + "but only \(self.remaining) follow")
    }
    return Int(length)
  }

  private mutating func fixed(_ count: Int) throws(CodecProblem) -> UInt64 {
    guard self.remaining >= count else { throw self.truncated() }
    var value: UInt64 = 0
    for index in 0..<count {
      value |= UInt64(self.bytes[self.position + index]) << UInt64(8 * index)
    }
    self.position += count
    return value
  }

  private func truncated() -> CodecProblem {
    CodecProblem("the message is cut off at byte \(self.end)")
  }
}
