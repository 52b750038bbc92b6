/// The text of a JSON number, read without loss.
enum JSONNumber {
  static func mayContain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"),
      UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"):
      true
    case _: false
    }
  }

  /// Whether bytes are a number by RFC 8259.
  static func isValid(_ bytes: some Sequence<UInt8>) -> Bool {
    self.parts(of: bytes) != nil
  }

  /// The value, if it is a whole one of that type: `1`, `1.0`, `1e3`.
  static func integer<T: FixedWidthInteger>(_ text: String, as: T.Type = T.self) -> T? {
    guard let parts = self.parts(of: text.utf8) else { return nil }
    // Zeros at the ends change nothing but the exponent.
    var digits = (parts.whole + parts.fraction).drop { $0 == UInt8(ascii: "0") }
    guard !digits.isEmpty else { return 0 }
    var exponent = parts.exponent - parts.fraction.count
    while digits.last == UInt8(ascii: "0") {
      digits.removeLast()
      exponent += 1
    }
    // No type has more than 20 digits.
    guard exponent >= 0, exponent <= 20, digits.count + exponent <= 20 else { return nil }
    let zeros = repeatElement(UInt8(ascii: "0"), count: exponent)
    return T((parts.isNegative ? "-" : "") + String(decoding: digits + zeros, as: UTF8.self))
  }

  /// The nearest value; nil if the text is no number, or one that is too large.
  static func double(_ text: String) -> Double? {
    guard self.isValid(text.utf8), let value = Double(text), value.isFinite else { return nil }
    return value
  }

  /// As ``double(_:)``, for the smaller type.
  static func float(_ text: String) -> Float? {
    guard self.isValid(text.utf8), let value = Float(text), value.isFinite else { return nil }
    return value
  }

  /// The shortest text that reads as the same value; nil for what JSON has no number for.
  static func text<T: BinaryFloatingPoint & LosslessStringConvertible>(_ value: T) -> String? {
    guard value.isFinite else { return nil }
    let text = value.description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  private struct Parts {
    var isNegative = false
    var whole: [UInt8] = []
    var fraction: [UInt8] = []
    /// Held between a million and minus a million, which no type reaches.
    var exponent = 0
  }

  private static func parts(of bytes: some Sequence<UInt8>) -> Parts? {
    var parts = Parts()
    var rest = Array(bytes)[...]
    parts.isNegative = self.take(UInt8(ascii: "-"), from: &rest)
    parts.whole = self.digits(&rest)
    guard !parts.whole.isEmpty, parts.whole.count == 1 || parts.whole[0] != UInt8(ascii: "0") else {
      return nil
    }
    if self.take(UInt8(ascii: "."), from: &rest) {
      parts.fraction = self.digits(&rest)
      guard !parts.fraction.isEmpty else { return nil }
    }
    if self.take(UInt8(ascii: "e"), from: &rest) || self.take(UInt8(ascii: "E"), from: &rest) {
      let isNegative = self.take(UInt8(ascii: "-"), from: &rest)
      if !isNegative { _ = self.take(UInt8(ascii: "+"), from: &rest) }
      let digits = self.digits(&rest)
      guard !digits.isEmpty else { return nil }
      let size = digits.reduce(0) { min($0 * 10 + Int($1 - 48), 1_000_000) }
      parts.exponent = isNegative ? -size : size
    }
    return rest.isEmpty ? parts : nil
  }

  private static func digits(_ rest: inout ArraySlice<UInt8>) -> [UInt8] {
    let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    rest = rest.dropFirst(digits.count)
    return Array(digits)
  }

  private static func take(_ byte: UInt8, from rest: inout ArraySlice<UInt8>) -> Bool {
    guard rest.first == byte else { return false }
    rest = rest.dropFirst()
    return true
  }
}
