/// Draws two endpoints or more, by weight, and takes the lighter one for its weight; the first drawn if they
/// are alike.
final class TwoChoicesPicker: Picker {
  /// What is light.
  enum Measure: Sendable {
    /// Few active calls.
    case activeCalls
    /// Few active calls that would take little time each.
    case peakLatency
  }

  private let measure: Measure
  private let choices: Int
  private let endpoints: LoadedEndpoints
  private let random: RandomSource

  init(over candidates: [Candidate], by measure: Measure, choices: Int = 2, random: RandomSource) {
    self.measure = measure
    self.choices = max(2, choices)
    endpoints = LoadedEndpoints(candidates)
    self.random = random
  }

  func pick(_ request: PickRequest) -> Pick {
    let period = endpoints.interleave.period
    guard period > 1 else { return .subchannel(endpoints.ids[0]) }
    let slot = random.next(below: period)
    let otherSlot = (slot + 1 + random.next(below: period - 1)) % period
    let (first, second) = (endpoints.endpoint(at: slot), endpoints.endpoint(at: otherSlot))
    let isSecond = isLighter(second, than: first, now: request.now)
    var (chosen, other) = isSecond ? (second, first) : (first, second)
    for _ in 2..<choices {
      let further = endpoints.endpoint(at: random.next(below: period))
      if isLighter(further, than: chosen, now: request.now) {
        (chosen, other) = (further, chosen)
      }
    }
    guard let avoided = request.avoiding, endpoints.ids[chosen] == avoided else {
      return .subchannel(endpoints.ids[chosen])
    }
    guard endpoints.ids[other] == avoided else { return .subchannel(endpoints.ids[other]) }
    return .subchannel(pick(after: otherSlot, avoiding: avoided))
  }

  private func isLighter(_ first: Int, than second: Int, now: Duration?) -> Bool {
    switch measure {
    case .activeCalls: endpoints.isLighter(first, than: second)
    case .peakLatency: endpoints.isQuicker(first, than: second, now: now)
    }
  }

  /// The next one in the interleave that is another one: both draws fell on the avoided endpoint.
  private func pick(after slot: Int, avoiding avoided: SubchannelID) -> SubchannelID {
    let period = endpoints.interleave.period
    for distance in 1..<period {
      let id = endpoints.ids[endpoints.endpoint(at: (slot + distance) % period)]
      if id != avoided { return id }
    }
    return avoided
  }
}
