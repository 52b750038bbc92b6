/// `google.protobuf.Timestamp` as text: RFC 3339, in the years 1 to 9999.
enum TimestampText {
  /// 0001-01-01T00:00:00Z to 9999-12-31T23:59:59Z.
  private static let seconds: ClosedRange<Int64> = -62_135_596_800...253_402_300_799

  /// Nil if the moment is out of range.
  static func format(seconds: Int64, nanos: Int32) -> String? {
    guard self.seconds.contains(seconds), let fraction = Nanos.text(nanos) else { return nil }
    let days = Int(seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400)
    let time = Int(seconds) - days * 86_400
    let date = Calendar.date(days: days)
    let day = "\(self.pad(date.year, 4))-\(self.pad(date.month, 2))-\(self.pad(date.day, 2))"
    let hour =
      "\(self.pad(time / 3600, 2)):\(self.pad(time / 60 % 60, 2)):\(self.pad(time % 60, 2))"
    return "\(day)T\(hour)\(fraction)Z"
  }

  /// Nil if the text is not as RFC 3339 has it, with capital letters, or out of range.
  static func parse(_ text: String) -> (seconds: Int64, nanos: Int32)? {
    var rest = Array(text.utf8)[...]
    guard let year = self.number(&rest, digits: 4), self.take("-", &rest),
      let month = self.number(&rest, digits: 2), self.take("-", &rest),
      let day = self.number(&rest, digits: 2), self.take("T", &rest),
      let hour = self.number(&rest, digits: 2), self.take(":", &rest),
      let minute = self.number(&rest, digits: 2), self.take(":", &rest),
      let second = self.number(&rest, digits: 2),
      let nanos = Nanos.take(&rest), let offset = self.offset(&rest), rest.isEmpty
    else { return nil }
    guard hour < 24, minute < 60, second < 60, (1...12).contains(month) else { return nil }
    let days = Calendar.days(year: year, month: month, day: day)
    // A day that the month does not have becomes another.
    guard Calendar.date(days: days) == (year, month, day) else { return nil }
    let seconds = Int64(days * 86_400 + hour * 3600 + minute * 60 + second - offset)
    return self.seconds.contains(seconds) ? (seconds, nanos) : nil
  }

  /// Seconds east of UTC.
  private static func offset(_ rest: inout ArraySlice<UInt8>) -> Int? {
    if self.take("Z", &rest) { return 0 }
    let isWest = self.take("-", &rest)
    guard isWest || self.take("+", &rest), let hours = self.number(&rest, digits: 2),
      self.take(":", &rest), let minutes = self.number(&rest, digits: 2), hours < 24, minutes < 60
    else { return nil }
    return (hours * 3600 + minutes * 60) * (isWest ? -1 : 1)
  }

  private static func number(_ rest: inout ArraySlice<UInt8>, digits: Int) -> Int? {
    let text = rest.prefix(digits)
    guard text.count == digits, text.allSatisfy(Nanos.isDigit) else { return nil }
    rest = rest.dropFirst(digits)
    return text.reduce(0) { $0 * 10 + Int($1) - 48 }
  }

  private static func take(_ character: Unicode.Scalar, _ rest: inout ArraySlice<UInt8>) -> Bool {
    guard rest.first == UInt8(ascii: character) else { return false }
    rest = rest.dropFirst()
    return true
  }

  private static func pad(_ number: Int, _ count: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, count - digits.count)) + digits
  }
}
