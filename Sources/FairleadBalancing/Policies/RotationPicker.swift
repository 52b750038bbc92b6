import Synchronization

/// Gives each endpoint its turn, by weight, in an exact interleave.
///
/// The calls of all threads together are dealt out exactly. Which call comes when goes on from the
/// picker that it replaces: what an endpoint was owed it still is, so that updates, however
/// frequent, favour nobody.
final class RotationPicker: Picker {
  private let ids: ContiguousArray<SubchannelID>
  private let interleave: Interleave
  private let cursor: Atomic<UInt>
  /// Tells the endpoints of this picker again in the next one; an id's index may be reused.
  private let loads: [EndpointLoad]

  /// Each candidate's weight as the policy gave it.
  private let weights: [Int]

  /// - Parameter weights: each candidate's share, at least 1.
  init(
    over candidates: [Candidate], weights: [Int], replacing previous: (any Picker)?,
    random: RandomSource
  ) {
    let previous = previous as? RotationPicker
    let owed = previous.map { $0.lags() }
    let lags = owed.map { owed in candidates.map { owed[ObjectIdentifier($0.load)] ?? 0 } }
    guard let interleave = Interleave(weights: weights, lags: lags) else {
      preconditionFailure("A policy was asked for a picker over no endpoints.")
    }
    ids = ContiguousArray(candidates.map(\.id))
    loads = candidates.map(\.load)
    self.interleave = interleave
    self.weights = weights
    // Many proxies that start at once must not all begin with the same endpoint.
    cursor = Atomic(previous == nil ? UInt(random.next(below: interleave.period)) : 0)
  }

  func pick(_ request: PickRequest) -> Pick {
    let used = cursor.wrappingAdd(1, ordering: .relaxed).oldValue
    let slot = Int(used % UInt(interleave.slots.count))
    let id = ids[Int(interleave.slots[slot])]
    guard let avoided = request.avoiding, avoided == id else { return .subchannel(id) }
    return .subchannel(pick(after: slot, avoiding: avoided))
  }

  /// Whether a picker made from these would be as this one.
  func deals(to candidates: [Candidate], by weights: [Int]) -> Bool {
    self.weights == weights && ids.elementsEqual(candidates.lazy.map(\.id))
      && loads.elementsEqual(candidates.lazy.map(\.load), by: ===)
  }

  /// The next endpoint in turn that is another one; the turns before it are used up, so that the
  /// avoided endpoint's calls go to all the others alike.
  private func pick(after slot: Int, avoiding avoided: SubchannelID) -> SubchannelID {
    guard ids.count > 1 else { return avoided }
    for distance in 1..<max(2, interleave.period) {
      let id = ids[Int(interleave.slots[(slot + distance) % interleave.period])]
      if id != avoided {
        cursor.wrappingAdd(UInt(distance), ordering: .relaxed)
        return id
      }
    }
    return avoided
  }

  /// By how many calls each endpoint is behind, by the identity of its load.
  private func lags() -> [ObjectIdentifier: Double] {
    let lags = interleave.lags(at: cursor.load(ordering: .relaxed))
    return Dictionary(
      uniqueKeysWithValues: zip(loads.map { ObjectIdentifier($0) }, lags))
  }
}
