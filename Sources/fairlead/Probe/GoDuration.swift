/// A length of time as Go's `time` package reads and writes it: `1s`, `1.5s`, `250ms`, `1m30s`.
struct GoDuration: Sendable, Hashable {
  /// May be negative.
  let nanoseconds: Int64

  init(nanoseconds: Int64) {
    self.nanoseconds = nanoseconds
  }

  /// What is beyond some 292 years is cut there.
  init(_ duration: Duration) {
    let (seconds, attoseconds) = duration.components
    let (whole, isTooLong) = seconds.multipliedReportingOverflow(by: Self.second)
    let (sum, isTooLongNow) = whole.addingReportingOverflow(attoseconds / Self.second)
    self.nanoseconds = isTooLong || isTooLongNow ? (seconds < 0 ? .min : .max) : sum
  }

  var duration: Duration { .nanoseconds(self.nanoseconds) }

  private static let microsecond: Int64 = 1000
  private static let millisecond: Int64 = 1_000_000
  private static let second: Int64 = 1_000_000_000

  /// Nil when `text` is not a duration, or one of more than some 292 years.
  init?(parsing text: String) {
    var rest = Substring(text)
    let isNegative = rest.first == "-"
    if isNegative || rest.first == "+" { rest.removeFirst() }
    guard !rest.isEmpty else { return nil }
    if rest == "0" {
      self.init(nanoseconds: 0)
      return
    }
    var total: Int64 = 0
    while !rest.isEmpty {
      guard let part = Self.takePart(from: &rest) else { return nil }
      let (sum, isTooLong) = total.addingReportingOverflow(part)
      guard !isTooLong else { return nil }
      total = sum
    }
    self.init(nanoseconds: isNegative ? -total : total)
  }

  /// Takes one number with its unit from the front: `1.5s`, also `.5s` and `1.s`.
  private static func takePart(from text: inout Substring) -> Int64? {
    let whole = Self.takeDigits(from: &text)
    var fraction: Substring = ""
    if text.first == "." {
      text.removeFirst()
      fraction = Self.takeDigits(from: &text)
    }
    let unit = text.prefix { $0 != "." && !("0"..."9" ~= $0) }
    text.removeFirst(unit.count)
    guard !(whole.isEmpty && fraction.isEmpty), let unit = Self.nanoseconds(of: unit),
      let count = Int64(whole.isEmpty ? "0" : whole)
    else { return nil }
    let (product, isTooLong) = count.multipliedReportingOverflow(by: unit)
    // What is less than a nanosecond is nothing, so more digits than these change nothing.
    let digits = fraction.prefix(18)
    let part = (Double("0." + (digits.isEmpty ? "0" : digits)) ?? 0) * Double(unit)
    let (sum, isTooLongNow) = product.addingReportingOverflow(Int64(part.rounded()))
    return isTooLong || isTooLongNow ? nil : sum
  }

  private static func takeDigits(from text: inout Substring) -> Substring {
    let digits = text.prefix { "0"..."9" ~= $0 }
    text.removeFirst(digits.count)
    return digits
  }

  private static func nanoseconds(of unit: Substring) -> Int64? {
    switch unit {
    case "ns": 1
    // The sign for micro and the Greek letter.
    case "us", "\u{B5}s", "\u{3BC}s": Self.microsecond
    case "ms": Self.millisecond
    case "s": Self.second
    case "m": 60 * Self.second
    case "h": 3600 * Self.second
    default: nil
    }
  }
}

extension GoDuration: CustomStringConvertible {
  /// In the largest unit below a second that gives a whole part, or in hours, minutes and seconds.
  var description: String {
    let size = Int64(clamping: self.nanoseconds.magnitude)
    let sign = self.nanoseconds < 0 ? "-" : ""
    switch size {
    case 0: return "0s"
    case ..<Self.microsecond: return "\(sign)\(size)ns"
    case ..<Self.millisecond: return sign + Self.decimal(size, Self.microsecond) + "\u{B5}s"
    case ..<Self.second: return sign + Self.decimal(size, Self.millisecond) + "ms"
    default: break
    }
    let (minutes, rest) = size.quotientAndRemainder(dividingBy: 60 * Self.second)
    let (hours, ofHour) = minutes.quotientAndRemainder(dividingBy: 60)
    let seconds = Self.decimal(rest, Self.second) + "s"
    return sign + (hours > 0 ? "\(hours)h" : "") + (minutes > 0 ? "\(ofHour)m" : "") + seconds
  }

  /// `count` of `unit` without zeros at the end.
  private static func decimal(_ count: Int64, _ unit: Int64) -> String {
    let (whole, rest) = count.quotientAndRemainder(dividingBy: unit)
    guard rest > 0 else { return "\(whole)" }
    // A 1 in front keeps the zeros at the start.
    var digits = String(unit + rest).dropFirst()
    while digits.last == "0" { digits.removeLast() }
    return "\(whole).\(digits)"
  }
}
