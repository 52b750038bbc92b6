import FairleadBalancing

/// Where the values of a template come from that are not the call's own.
package struct TemplateSources: Sendable {
  private let random: RandomSource
  /// The time now as RFC 3339 has it.
  let time: @Sendable () -> String

  package init(random: RandomSource, time: @escaping @Sendable () -> String) {
    self.random = random
    self.time = time
  }

  /// Gives the same each time.
  static let sample = TemplateSources(random: RandomSource(seed: 0)) { "2026-01-01T00:00:00Z" }

  /// From all numbers of the range alike.
  func number(in range: ClosedRange<Int>) -> Int {
    let (size, isWhole) = (range.upperBound - range.lowerBound).addingReportingOverflow(1)
    return isWhole
      ? Int(truncatingIfNeeded: random.next() >> 1)
      : range.lowerBound + random.next(below: size)
  }

  /// A version 4 UUID (RFC 9562, section 5.4), in lower case.
  func uuid() -> String {
    let high = random.next() & ~0xF000 | 0x4000
    let low = random.next() & ~(0b11 << 62) | (0b10 << 62)
    let digits = Self.hex(high) + Self.hex(low)
    var text = ""
    for (index, digit) in digits.enumerated() {
      if [8, 12, 16, 20].contains(index) { text.append("-") }
      text.append(digit)
    }
    return text
  }

  private static func hex(_ word: UInt64) -> String {
    let digits = String(word, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
