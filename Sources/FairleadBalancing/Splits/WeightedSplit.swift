import Synchronization

/// Deals calls out to weighted destinations, exactly: with the weights 90 and 10, nine and one of
/// every ten consecutive calls, evenly spread.
///
/// Safe to use from any thread, without a lock: the calls of all threads together are dealt out
/// exactly. A destination of weight 0 gets no call; the only one with a weight gets all.
///
/// The weights are put in lowest terms. If their sum is then still above 16,384, the shares are
/// rounded: with two destinations by less than 0.02 percentage points, and no destination with a
/// weight loses all calls.
public final class WeightedSplit: Sendable {
  private let interleave: Interleave
  private let cursor: Atomic<UInt>

  /// `nil` if there is no weight above 0, or one below 0.
  ///
  /// - Parameters:
  ///   - weights: the weight of each destination, relative to their sum.
  ///   - start: where in the order to begin. A random number keeps many proxies, which each make
  ///     few calls, from all calling the same destination first.
  public convenience init?(weights: [Int], startingAt start: UInt64 = 0) {
    guard let interleave = Interleave(weights: weights) else { return nil }
    self.init(interleave, startingAt: UInt(start % UInt64(interleave.period)))
  }

  /// A split with new weights that goes on where another one is, so that a destination gets its
  /// share however often the weights are set.
  ///
  /// Destination `i` of both is taken to be the same one. `nil` as in
  /// ``init(weights:startingAt:)``.
  public convenience init?(weights: [Int], replacing previous: WeightedSplit) {
    var lags = previous.interleave.lags(at: previous.cursor.load(ordering: .relaxed))
    lags = weights.indices.map { $0 < lags.count ? lags[$0] : 0 }
    guard let interleave = Interleave(weights: weights, lags: lags) else { return nil }
    self.init(interleave, startingAt: 0)
  }

  private init(_ interleave: Interleave, startingAt start: UInt) {
    self.interleave = interleave
    cursor = Atomic(start)
  }

  /// The index of the destination of the next call.
  public func next() -> Int {
    let used = cursor.wrappingAdd(1, ordering: .relaxed).oldValue
    return Int(interleave.slots[Int(used % UInt(interleave.period))])
  }
}
