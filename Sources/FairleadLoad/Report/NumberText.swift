/// Numbers as people read them: thousands apart, times in the unit that fits.
package enum NumberText {
  /// `10,000`.
  package static func count(_ number: Int) -> String {
    let digits = String(number.magnitude)
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
      text.append(digit)
    }
    return number < 0 ? "-" + text : text
  }

  /// `1 call`, `10,000 calls`.
  package static func count(_ number: Int, _ noun: String) -> String {
    "\(count(number)) \(noun)\(number == 1 ? "" : "s")"
  }

  /// `all 10,000 calls`, `the one call`.
  package static func all(_ number: Int, _ noun: String = "call") -> String {
    number == 1 ? "the one \(noun)" : "all \(count(number, noun))"
  }

  /// A number with so many digits after the point, thousands apart: `1,234.50`.
  package static func decimal(_ number: Double, digits: Int) -> String {
    let scale = (0..<digits).reduce(1.0) { scale, _ in scale * 10 }
    let scaled = (number * scale).rounded()
    // Beyond this a Double has no digits after the point, and an Int would overflow.
    guard scaled.magnitude < 9e15 else { return "\(number)" }
    let whole = Int(scaled.magnitude)
    let sign = scaled < 0 ? "-" : ""
    guard digits > 0 else { return sign + count(whole) }
    let fraction = String(whole % Int(scale))
    let zeros = String(repeating: "0", count: digits - fraction.count)
    return "\(sign)\(count(whole / Int(scale))).\(zeros)\(fraction)"
  }

  /// A part as per cent: `33.3%`; what is there and rounds to nothing is `<0.1%`, and nearly all `>99.9%`.
  package static func percent(_ share: Double) -> String {
    if share > 0, share < 0.0005 { return "<0.1%" }
    if share < 1, share >= 0.9995 { return ">99.9%" }
    return decimal(share * 100, digits: 1) + "%"
  }

  /// Calls a second, three digits at least: `4,329`, `43.3`, `4.33`.
  package static func rate(_ perSecond: Double) -> String {
    decimal(perSecond, digits: digits(of: perSecond))
  }

  /// A length of time in the unit that fits, with three digits: `412 µs`, `1.21 ms`, `12.1 s`, `2 min 3 s`.
  package static func time(_ seconds: Double) -> String {
    // At the edge of a unit, rounding decides: 999.96 µs is 1.00 ms.
    if seconds <= 0 { return "0 s" }
    if seconds < 999.5e-9 { return unit(seconds * 1e9, "ns") }
    if seconds < 999.5e-6 { return unit(seconds * 1e6, "µs") }
    if seconds < 999.5e-3 { return unit(seconds * 1e3, "ms") }
    if seconds < 119.5 { return unit(seconds, "s") }
    guard seconds < 3_599_999 else { return decimal(seconds / 3600, digits: 0) + " h" }
    let whole = Int(seconds.rounded())
    return whole < 3600
      ? "\(whole / 60) min \(whole % 60) s" : "\(whole / 3600) h \(whole / 60 % 60) min"
  }

  private static func unit(_ number: Double, _ unit: String) -> String {
    "\(decimal(number, digits: digits(of: number))) \(unit)"
  }

  /// After the point, for three digits in all.
  private static func digits(of number: Double) -> Int {
    if number >= 99.95 { return 0 }
    return number >= 9.995 ? 1 : 2
  }
}
