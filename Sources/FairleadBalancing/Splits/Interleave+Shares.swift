extension Interleave {
  /// The weights in lowest terms, or scaled if their sum would still be above `limit`; `nil` if
  /// there is no weight above 0 or one below 0.
  ///
  /// Scaling keeps every choice that has a weight at 1 slot or more, and rounds its exact number of
  /// slots to the nearest. So a choice of share `p` among `n` is off by less than
  /// `(1 + n * p) / limit`: with the limit of 16,384 and two choices, less than 0.02 percentage
  /// points.
  /// With more than `limit / 8` choices, the limit is 8 slots for each.
  static func shares(of weights: [Int], limit: Int) -> [Int]? {
    guard weights.allSatisfy({ $0 >= 0 }), weights.contains(where: { $0 > 0 }) else { return nil }
    let shares = inLowestTerms(weights)
    let sum = shares.reduce(UInt128(0)) { $0 + UInt128($1) }
    let limit = UInt128(max(limit, 8 * weights.count))
    if sum <= limit {
      return shares
    }
    return inLowestTerms(
      shares.map { share in
        share == 0 ? 0 : max(1, Int((UInt128(share) * limit + sum / 2) / sum))
      })
  }

  private static func inLowestTerms(_ weights: [Int]) -> [Int] {
    let divisor = weights.reduce(0, greatestCommonDivisor)
    return weights.map { $0 / divisor }
  }

  private static func greatestCommonDivisor(_ first: Int, _ second: Int) -> Int {
    var (larger, smaller) = (first, second)
    while smaller != 0 {
      (larger, smaller) = (smaller, larger % smaller)
    }
    return larger
  }
}
