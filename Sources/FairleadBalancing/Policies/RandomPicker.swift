/// Draws an endpoint for each RPC.
final class RandomPicker: Picker {
  private let ids: ContiguousArray<SubchannelID>
  private let random: RandomSource

  init(over candidates: [Candidate], random: RandomSource) {
    ids = ContiguousArray(candidates.map(\.id))
    self.random = random
  }

  func pick(_ request: PickRequest) -> Pick {
    let drawn = random.next(below: ids.count)
    guard request.avoiding == ids[drawn], ids.count > 1 else { return .subchannel(ids[drawn]) }
    let step = 1 + random.next(below: ids.count - 1)
    return .subchannel(ids[(drawn + step) % ids.count])
  }
}
