/// Each ready endpoint in turn, whatever its weight.
struct RoundRobinPolicy: Policy {
  let name = "round_robin"
  let connects = ConnectStrategy.all

  func makePicker(
    over candidates: [Candidate], replacing previous: (any Picker)?, random: RandomSource
  ) -> any Picker {
    RotationPicker(
      over: candidates, weights: Candidate.weights(of: candidates, base: { _ in 1 }),
      replacing: previous, random: random)
  }
}
