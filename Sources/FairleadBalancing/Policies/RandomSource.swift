import Synchronization

/// Random numbers for pickers and jitter, seeded by the owner, without a lock: SplitMix64 over an
/// atomic counter.
public final class RandomSource: Sendable {
  private let state: Atomic<UInt64>

  /// The same seed gives the same numbers. Owners take one from the system; tests fix it.
  public init(seed: UInt64) {
    state = Atomic(seed)
  }

  /// A number uniform over all 64 bits.
  public func next() -> UInt64 {
    var word = state.wrappingAdd(0x9E37_79B9_7F4A_7C15, ordering: .relaxed).newValue
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }

  /// A number in `0..<bound`, for a bound above 0.
  public func next(below bound: Int) -> Int {
    Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// A number uniform in `0..<1`.
  public func nextUnit() -> Double {
    Double(next() >> 11) * 0x1p-53
  }
}
