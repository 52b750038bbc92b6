/// Each ready endpoint in turn, whatever its weight.
public struct RoundRobinPolicy: Policy {
  /// Its name in service configs.
  public let name = "round_robin"
  /// All endpoints are kept connected.
  public let connects = ConnectStrategy.all

  /// The policy; it has no settings.
  public init() {}

  /// A picker that chooses in turn.
  public func makePicker(
    over candidates: [Candidate], replacing previous: (any Picker)?, random: RandomSource
  ) -> any Picker {
    RotationPicker(
      over: candidates, weights: Candidate.weights(of: candidates, base: { _ in 1 }),
      replacing: previous, random: random)
  }
}
