/// How unequal the calls of backends are. Weights are not known to it: it compares with equal parts.
package struct Skew: Sendable, Hashable, Codable {
  /// The greatest count over the mean: 1 when all are equal, as many as there are backends when one has all.
  package let maxOverMean: Double

  /// The standard deviation of the counts over their mean: 0 when all are equal.
  package let coefficientOfVariation: Double

  /// What the coefficient of variation would be on average if each call were dealt to a backend at random.
  package let coefficientOfVariationByChance: Double

  /// - Parameters:
  ///   - calls: Each backend's.
  ///   - backends: How many there are; those beyond `calls` have none.
  /// - Returns: Nil when there are no calls.
  package init?(calls: [Int], backends: Int) {
    let count = max(backends, calls.count)
    let total = calls.reduce(0, +)
    guard count > 0, total > 0 else { return nil }
    let mean = Double(total) / Double(count)
    var squares = Double(count - calls.count) * mean * mean
    for calls in calls {
      squares += (Double(calls) - mean) * (Double(calls) - mean)
    }
    maxOverMean = Double(calls.max() ?? 0) / mean
    coefficientOfVariation = (squares / Double(count)).squareRoot() / mean
    coefficientOfVariationByChance = Self.byChance(backends: count, dealt: total)
  }

  /// The root of the mean square of the coefficient of variation when `dealt` things go to `backends` at random, with equal
  /// chances: Pearson's chi-squared is `dealt` times its square, and has a mean of one less than the backends.
  static func byChance(backends: Int, dealt: Int) -> Double {
    (Double(backends - 1) / Double(dealt)).squareRoot()
  }

  /// What chance hardly exceeds: less than once in 700 runs.
  ///
  /// The cube root of chi-squared over its degrees of freedom is nearly normal (Wilson and Hilferty, 1931); three standard
  /// deviations of that above its mean. Chi-squared itself is skewed: of its own, chance exceeds three once in fifty runs.
  static func limitOfChance(backends: Int, dealt: Int) -> Double {
    let freedom = Double(backends - 1)
    guard freedom > 0 else { return 0 }
    let variance = 2 / (9 * freedom)
    let root = 1 - variance + 3 * variance.squareRoot()
    return (freedom * root * root * root / Double(dealt)).squareRoot()
  }
}
