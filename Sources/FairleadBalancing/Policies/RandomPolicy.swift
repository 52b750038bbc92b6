/// Any ready endpoint, with equal chances whatever its weight.
struct RandomPolicy: Policy {
  let name = "random"
  let connects = ConnectStrategy.all

  func makePicker(
    over candidates: [Candidate], replacing previous: (any Picker)?, random: RandomSource
  ) -> any Picker {
    RandomPicker(over: candidates, random: random)
  }
}
