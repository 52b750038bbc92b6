/// What a picker is made from; another picker is needed only if this differs.
enum PickerContent: Sendable {
  case wait
  case fail(PickFailure)
  case ready([Candidate], unready: [UnreadyEndpoint])
}

extension PickerContent: Equatable {
  static func == (first: PickerContent, second: PickerContent) -> Bool {
    switch (first, second) {
    case (.wait, .wait):
      true
    case (.fail(let first), .fail(let second)):
      first == second
    case (.ready(let first, let others), .ready(let second, let otherOthers)):
      // An id stands for its load.
      first.count == second.count && others == otherOthers
        && first.elementsEqual(second) {
          $0.id == $1.id && $0.endpoint == $1.endpoint && $0.ramp == $1.ramp
        }
    case (.wait, _), (.fail, _), (.ready, _):
      false
    }
  }
}
