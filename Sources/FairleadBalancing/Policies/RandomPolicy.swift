/// Any ready endpoint, with equal chances whatever its weight.
public struct RandomPolicy: Policy {
  /// Its name in service configs.
  public let name = "random"
  /// All endpoints are kept connected.
  public let connects = ConnectStrategy.all

  /// The policy; it has no settings.
  public init() {}

  /// A picker that chooses at random.
  public func makePicker(
    over candidates: [Candidate], replacing previous: (any Picker)?, random: RandomSource
  ) -> any Picker {
    RandomPicker(over: candidates, random: random)
  }
}
