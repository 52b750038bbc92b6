/// `google.protobuf.Duration` as text: seconds with up to nine digits after the point, and an `s`.
enum DurationText {
  /// About ten thousand years.
  private static let seconds: ClosedRange<Int64> = -315_576_000_000...315_576_000_000

  /// Nil if it is out of range, or its parts have different signs.
  static func format(seconds: Int64, nanos: Int32) -> String? {
    guard self.seconds.contains(seconds), nanos > Int32.min, let fraction = Nanos.text(abs(nanos)),
      (seconds >= 0 && nanos >= 0) || (seconds <= 0 && nanos <= 0)
    else { return nil }
    let sign = seconds < 0 || nanos < 0 ? "-" : ""
    return "\(sign)\(abs(seconds))\(fraction)s"
  }

  /// Nil if the text is no duration, or one out of range.
  static func parse(_ text: String) -> (seconds: Int64, nanos: Int32)? {
    var rest = Array(text.utf8)[...]
    let isNegative = rest.first == UInt8(ascii: "-")
    if isNegative { rest = rest.dropFirst() }
    let digits = rest.prefix(while: Nanos.isDigit)
    guard !digits.isEmpty, let seconds = Int64(String(decoding: digits, as: UTF8.self)) else {
      return nil
    }
    rest = rest.dropFirst(digits.count)
    guard let nanos = Nanos.take(&rest), rest.elementsEqual("s".utf8),
      self.seconds.contains(seconds)
    else { return nil }
    return isNegative ? (-seconds, -nanos) : (seconds, nanos)
  }
}
