/// How many of a kind of frame a peer may send: a bucket of `burst` tokens, refilled with `perSecond`.
///
/// A value without a clock: the caller says what time it is.
package struct FrameBudget: Sendable {
  package let burst: Int
  package let perSecond: Int
  private var tokens: Int
  private var refilledAt: UInt64?

  package init(burst: Int, perSecond: Int) {
    self.burst = burst
    self.perSecond = perSecond
    tokens = burst
  }

  /// Takes one token.
  ///
  /// - Parameter now: nanoseconds of a clock that does not go back.
  /// - Returns: whether there was one.
  package mutating func spend(now: UInt64) -> Bool {
    if tokens < burst {
      let since = now &- (refilledAt ?? now)
      let earned = Int(min(since, 60_000_000_000)) * perSecond / 1_000_000_000
      if earned > 0 {
        tokens = min(burst, tokens + earned)
        // What is left of a token's time counts for the next one.
        refilledAt = now &- since % UInt64(max(1, 1_000_000_000 / perSecond))
      }
    } else {
      refilledAt = now
    }
    guard tokens > 0 else { return false }
    tokens -= 1
    return true
  }
}
