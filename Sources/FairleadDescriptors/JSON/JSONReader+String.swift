extension JSONReader {
  /// A string, from its first quotation mark on.
  mutating func string() throws(JSONProblem) -> String {
    self.position += 1
    var result: [UInt8] = []
    var start = self.position
    while let byte = self.peek {
      switch byte {
      case UInt8(ascii: "\""):
        result += self.bytes[start..<self.position]
        guard let text = String(validating: result, as: UTF8.self) else {
          throw self.problem("the string that ends here is not valid UTF-8")
        }
        self.position += 1
        return text
      case UInt8(ascii: "\\"):
        result += self.bytes[start..<self.position]
        result += Array(String(Character(try self.escape())).utf8)
        start = self.position
      case 0..<0x20:
        throw self.problem("a control character in a string must be escaped")
      case _:
        self.position += 1
      }
    }
    throw self.problem("the text ends in a string")
  }

  private mutating func escape() throws(JSONProblem) -> Unicode.Scalar {
    self.position += 1
    guard let byte = self.peek else { throw self.problem("the text ends in a string") }
    self.position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try self.escapedScalar()
    case _:
      self.position -= 1
      throw self.problem("no escape begins with this character")
    }
  }

  /// After `\u`: a character, of one code unit or of a pair.
  private mutating func escapedScalar() throws(JSONProblem) -> Unicode.Scalar {
    let first = try self.codeUnit()
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard first < 0xDC00, self.bytes[self.position...].starts(with: [0x5C, 0x75]) else {
      throw self.problem("half of a surrogate pair stands alone")
    }
    self.position += 2
    let second = try self.codeUnit()
    guard (0xDC00...0xDFFF).contains(second),
      let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    else {
      throw self.problem("half of a surrogate pair stands alone")
    }
    return scalar
  }

  private mutating func codeUnit() throws(JSONProblem) -> UInt32 {
    var unit: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = self.peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw self.problem("four hexadecimal digits are wanted here")
      }
      unit = unit << 4 | UInt32(digit)
      self.position += 1
    }
    return unit
  }
}
