import FairleadBalancing
import Synchronization

/// A policy as a user would write one: in turn, from the last to the first.
struct BackwardPolicy: Policy {
  let name = "backward"
  let connects = ConnectStrategy.all

  func makePicker(
    over candidates: [Candidate], replacing previous: (any Picker)?, random: RandomSource
  ) -> any Picker {
    BackwardPicker(candidates, replacing: previous as? BackwardPicker)
  }
}

/// The endpoints in the order in which they wait for their turn.
private final class BackwardPicker: Picker {
  private let queue: [Candidate]
  private let cursor = Atomic<Int>(0)

  /// Those that stay keep their places in the queue; new ones go to its end.
  init(_ candidates: [Candidate], replacing previous: BackwardPicker?) {
    let waiting = previous?.waiting ?? []
    let places = Dictionary(
      uniqueKeysWithValues: waiting.enumerated().map { (ObjectIdentifier($1.load), $0) })
    queue = candidates.reversed().enumerated().sorted { first, second in
      let place = places[ObjectIdentifier(first.element.load)] ?? waiting.count + first.offset
      let other = places[ObjectIdentifier(second.element.load)] ?? waiting.count + second.offset
      return place < other
    }.map(\.element)
  }

  private var waiting: [Candidate] {
    let used = cursor.load(ordering: .relaxed) % queue.count
    return Array(queue[used...] + queue[..<used])
  }

  func pick(_ request: PickRequest) -> Pick {
    while true {
      let used = cursor.wrappingAdd(1, ordering: .relaxed).oldValue
      let id = queue[used % queue.count].id
      if id != request.avoiding || queue.count == 1 { return .subchannel(id) }
    }
  }
}
