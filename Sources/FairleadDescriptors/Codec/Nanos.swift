/// Nanoseconds as the digits after a point.
enum Nanos {
  /// Nothing, or a point and 3, 6 or 9 digits; nil if it is negative or a second and more.
  static func text(_ nanos: Int32) -> String? {
    guard (0..<1_000_000_000).contains(nanos) else { return nil }
    guard nanos > 0 else { return "" }
    let digits = String(String(1_000_000_000 + Int(nanos)).dropFirst())
    if nanos % 1_000_000 == 0 { return ".\(digits.prefix(3))" }
    return nanos % 1000 == 0 ? ".\(digits.prefix(6))" : ".\(digits)"
  }

  /// Passes over a point and 1 to 9 digits, if a point is there; nil if they are not as they should be.
  static func take(_ rest: inout ArraySlice<UInt8>) -> Int32? {
    guard rest.first == UInt8(ascii: ".") else { return 0 }
    let digits = rest.dropFirst().prefix(while: self.isDigit)
    guard (1...9).contains(digits.count) else { return nil }
    rest = rest.dropFirst(digits.count + 1)
    let value = digits.reduce(0) { $0 * 10 + Int32($1) - 48 }
    return (digits.count..<9).reduce(value) { value, _ in value * 10 }
  }

  static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}
