import Foundation

/// Round numbers about 6 % apart, forty in a decade: the R40 series of ISO 3. Every second one is R20, every fourth R10.
///
/// Counted from a nanosecond: the value at index 0 is 1e-9, at 40 1e-8.
enum RoundNumbers {
  private static let series: [Double] = [
    1.00, 1.06, 1.12, 1.18, 1.25, 1.32, 1.40, 1.50, 1.60, 1.70, 1.80, 1.90, 2.00, 2.12, 2.24, 2.36,
    2.50, 2.65, 2.80, 3.00, 3.15, 3.35, 3.55, 3.75, 4.00, 4.25, 4.50, 4.75, 5.00, 5.30, 5.60, 6.00,
    6.30, 6.70, 7.10, 7.50, 8.00, 8.50, 9.00, 9.50,
  ]

  /// The number at an index; below a nanosecond there is 0.
  static func value(at index: Int) -> Double {
    guard index >= 0 else { return 0 }
    let hundredths = (series[index % series.count] * 100).rounded()
    // Whole numbers over powers of ten are the nearest doubles; products of fractions are not.
    return hundredths / pow(10, Double(11 - index / series.count))
  }

  /// The index of the least number that is not below `seconds`; what is under a nanosecond is at 0.
  static func index(atLeast seconds: Double) -> Int {
    guard seconds > 1e-9 else { return 0 }
    var index = max(0, Int((log10(seconds) + 9) * Double(series.count)) - 2)
    // Measured values are whole nanoseconds; a hair above a bound is rounding.
    while value(at: index) < seconds * (1 - 1e-12) { index += 1 }
    return index
  }
}
