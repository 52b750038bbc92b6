/// All calls to one endpoint: the first that can be connected, in the order of the set.
public struct PickFirstPolicy: Policy {
  /// Its name in service configs.
  public let name = "pick_first"
  /// One endpoint is kept connected, the first that can be.
  public let connects = ConnectStrategy.first

  /// The policy. Shuffling is the owner's: see ``BalancingConfiguration/shufflesEndpoints``.
  public init() {}

  /// A picker that always chooses the first candidate.
  public func makePicker(
    over candidates: [Candidate], replacing previous: (any Picker)?, random: RandomSource
  ) -> any Picker {
    guard let first = candidates.first else {
      preconditionFailure("A policy was asked for a picker over no endpoints.")
    }
    return FixedPicker(.subchannel(first.id))
  }
}
