/// A repeating order over weighted choices, in which each gets exactly its share and is spread as
/// evenly as whole calls allow.
///
/// In every `period` consecutive slots, wherever they begin, choice `i` has exactly `shares[i]`. At
/// every slot it is less than one call away from its exact share of the slots so far. That also
/// holds across a change of weights or choices, if the new order is given the ``lags(at:)`` of the
/// old one.
struct Interleave: Sendable {
  /// The choice at each slot. Never empty.
  let slots: ContiguousArray<Int32>
  /// How many slots each choice has; the weights in lowest terms.
  let shares: [Int]
  /// By how many calls each choice was behind its exact share when slot 0 came: in `-1...1`.
  private let lags: [Double]

  /// How many slots there are before the order repeats.
  var period: Int { slots.count }

  /// `nil` if there is no weight above 0 or one below 0.
  ///
  /// - Parameters:
  ///   - weights: a weight for each choice. A choice with weight 0 has no slot.
  ///   - lags: how far behind each choice is, from the order that this one replaces; 0 for new ones.
  ///   - limit: the most slots to make; a larger sum of weights is scaled, see
  ///     ``shares(of:limit:)``.
  init?(weights: [Int], lags: [Double]? = nil, limit: Int = 16_384) {
    guard let shares = Self.shares(of: weights, limit: limit) else { return nil }
    self.shares = shares
    self.lags = Self.settle(lags ?? Array(repeating: 0, count: shares.count), by: shares)
    slots = Self.schedule(shares: shares, lags: self.lags)
  }

  /// By how many calls each choice is behind its exact share when `cursor` slots have been used.
  func lags(at cursor: UInt) -> [Double] {
    let used = Int(cursor % UInt(period))
    let elapsed = Double(used) / Double(period)
    var lags = zip(lags, shares).map { $0 + elapsed * Double($1) }
    for choice in slots[..<used] {
      lags[Int(choice)] -= 1
    }
    return lags
  }

  /// Lags whose sum is 0 again after choices left or joined: what those that left were owed, or
  /// had too much, goes to the others by their shares.
  private static func settle(_ lags: [Double], by shares: [Int]) -> [Double] {
    let kept = zip(lags, shares).map { $1 == 0 ? 0 : $0 }
    let surplus = kept.reduce(0, +) / Double(shares.reduce(0, +))
    return zip(kept, shares).map { min(1, max(-1, $0 - surplus * Double($1))) }
  }
}
