import Synchronization

/// Takes the endpoint that has the fewest active calls for its weight; of those that are alike, the
/// one whose turn it is.
final class FullScanPicker: Picker {
  private let endpoints: LoadedEndpoints
  /// The slot of the interleave from which the next tie is broken.
  private let cursor: Atomic<UInt>

  init(over candidates: [Candidate], replacing previous: (any Picker)?, random: RandomSource) {
    let previous = previous as? FullScanPicker
    let owed = previous.map { $0.lags() }
    endpoints = LoadedEndpoints(
      candidates,
      lags: owed.map { owed in candidates.map { owed[ObjectIdentifier($0.load)] ?? 0 } })
    let period = endpoints.interleave.period
    cursor = Atomic(previous == nil ? UInt(random.next(below: period)) : 0)
  }

  func pick(_ request: PickRequest) -> Pick {
    let period = endpoints.interleave.period
    let lightest = lightest(avoiding: request.avoiding)
    var start = cursor.load(ordering: .relaxed)
    while true {
      var slot = Int(start % UInt(period))
      var distance = 0
      while distance < period, !isAlike(endpoints.endpoint(at: slot), lightest, request.avoiding) {
        slot = slot + 1 == period ? 0 : slot + 1
        distance += 1
      }
      let next = start &+ UInt(distance) &+ 1
      // Another thread took this turn: look from the next one.
      let (isOurs, now) = cursor.weakCompareExchange(
        expected: start, desired: next, ordering: .relaxed)
      if isOurs {
        // No slot matched: the loads changed meanwhile.
        let chosen = distance < period ? endpoints.endpoint(at: slot) : lightest
        return .subchannel(endpoints.ids[chosen])
      }
      start = now
    }
  }

  private func lightest(avoiding avoided: SubchannelID?) -> Int {
    var best = 0
    var isBestAvoided = endpoints.ids[0] == avoided
    for index in 1..<max(1, endpoints.ids.count) {
      if isBestAvoided {
        best = index
        isBestAvoided = false
      } else if endpoints.ids[index] != avoided, endpoints.isLighter(index, than: best) {
        best = index
      }
    }
    return best
  }

  private func isAlike(_ index: Int, _ lightest: Int, _ avoided: SubchannelID?) -> Bool {
    index == lightest
      || (endpoints.ids[index] != avoided && !endpoints.isLighter(lightest, than: index))
  }

  /// By how many turns each endpoint is behind, by the identity of its load.
  private func lags() -> [ObjectIdentifier: Double] {
    let lags = endpoints.interleave.lags(at: cursor.load(ordering: .relaxed))
    return Dictionary(
      uniqueKeysWithValues: zip(endpoints.loads.map { ObjectIdentifier($0) }, lags))
  }
}
