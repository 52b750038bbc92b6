/// Gives every RPC the same answer.
final class FixedPicker: Picker {
  private let answer: Pick

  init(_ answer: Pick) {
    self.answer = answer
  }

  func pick(_ request: PickRequest) -> Pick { answer }
}
