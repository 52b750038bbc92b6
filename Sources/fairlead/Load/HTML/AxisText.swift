import FairleadLoad

/// Numbers as an axis writes them: round ones without digits that say nothing.
enum AxisText {
  /// `250 µs`, `1.5 ms`, `10 s`.
  static func time(_ seconds: Double) -> String {
    if seconds <= 0 { return "0" }
    if seconds < 999.5e-9 { return trimmed(seconds * 1e9) + " ns" }
    if seconds < 999.5e-6 { return trimmed(seconds * 1e6) + " µs" }
    if seconds < 999.5e-3 { return trimmed(seconds * 1e3) + " ms" }
    if seconds < 600 { return trimmed(seconds) + " s" }
    return trimmed(seconds / 60) + " min"
  }

  /// `2,500`, `0.5`.
  static func count(_ number: Double) -> String {
    trimmed(number)
  }

  private static func trimmed(_ number: Double) -> String {
    var text = NumberText.decimal(number, digits: number < 100 ? 2 : 0)
    guard text.contains(".") else { return text }
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text
  }
}
