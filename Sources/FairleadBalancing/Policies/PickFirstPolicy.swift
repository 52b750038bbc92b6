/// All calls to one endpoint: the first that can be connected, in the order of the set.
struct PickFirstPolicy: Policy {
  let name = "pick_first"
  let connects = ConnectStrategy.first

  func makePicker(
    over candidates: [Candidate], replacing previous: (any Picker)?, random: RandomSource
  ) -> any Picker {
    guard let first = candidates.first else {
      preconditionFailure("A policy was asked for a picker over no endpoints.")
    }
    return FixedPicker(.subchannel(first.id))
  }
}
