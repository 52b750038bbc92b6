import FairleadBalancing
import Synchronization

// The example in the documentation of `Policy`, word for word: what is public is enough for it.

/// Calls stay in the client's zone, in turn, while an endpoint there is ready.
struct NearestZone: Policy {
  let name = "nearest_zone"
  let connects = ConnectStrategy.all
  let zone: String

  func makePicker(
    over candidates: [Candidate], replacing previous: (any Picker)?, random: RandomSource
  ) -> any Picker {
    let near = candidates.filter { $0.endpoint.locality?.zone == zone }
    let turn = (previous as? InTurn)?.turn ?? random.next()
    return InTurn(near.isEmpty ? candidates : near, from: turn)
  }
}

final class InTurn: Picker {
  private let ids: [SubchannelID]
  private let cursor: Atomic<UInt64>

  init(_ candidates: [Candidate], from turn: UInt64) {
    ids = candidates.map(\.id)
    cursor = Atomic(turn)
  }

  var turn: UInt64 { cursor.load(ordering: .relaxed) }

  func pick(_ request: PickRequest) -> Pick {
    // An RPC that has failed on one endpoint is retried on another one, if there is one.
    var id = next()
    if id == request.avoiding { id = next() }
    return .subchannel(id)
  }

  private func next() -> SubchannelID {
    let turn = cursor.wrappingAdd(1, ordering: .relaxed).oldValue
    return ids[Int(turn % UInt64(ids.count))]
  }
}
