/// Each ready endpoint in turn, as often as its weight says, evenly spread.
struct WeightedRoundRobinPolicy: Policy {
  let name = "weighted_round_robin"
  let connects = ConnectStrategy.all

  func makePicker(
    over candidates: [Candidate], replacing previous: (any Picker)?, random: RandomSource
  ) -> any Picker {
    RotationPicker(over: candidates, weight: \.endpoint.weight, replacing: previous, random: random)
  }
}
