/// Finds a request's place on a ring of all endpoints, ready or not.
final class RingPicker: Picker {
  /// What stands at the points of the ring that an endpoint has.
  private enum Seat {
    case ready(SubchannelID)
    /// Its first attempt is under way, or it is about to be connected again.
    case connecting
    case failing
  }

  /// What a ring is made from.
  private struct Member: Equatable {
    var address: String
    var weight: Int
  }

  private let members: [Member]
  private let sizes: ClosedRange<Int>
  private let ring: HashRing
  private let seats: ContiguousArray<Seat>
  private let random: RandomSource

  init(
    over candidates: [Candidate], in setting: PickerSetting, policy: RingHashPolicy,
    replacing previous: RingPicker?
  ) {
    let weights = Candidate.weights(of: candidates, base: { $0.endpoint.weight })
    let scale = Candidate.weightScale(of: candidates)
    let ready = zip(candidates, weights).map { candidate, weight in
      (
        Member(address: candidate.endpoint.address.description, weight: weight),
        Seat.ready(candidate.id)
      )
    }
    let unready = setting.unready.map { other in
      (
        Member(address: other.endpoint.address.description, weight: other.endpoint.weight * scale),
        other.isFailing ? Seat.failing : .connecting
      )
    }
    let all = (ready + unready).sorted { $0.0.address < $1.0.address }
    members = all.map(\.0)
    seats = ContiguousArray(all.map(\.1))
    sizes = policy.minimumSize...policy.maximumSize
    random = setting.random
    if let previous, previous.members == members, previous.sizes == sizes {
      ring = previous.ring
    } else {
      ring = HashRing(
        members.map { ($0.address, $0.weight) }, minimumSize: policy.minimumSize,
        maximumSize: policy.maximumSize)
    }
  }

  func pick(_ request: PickRequest) -> Pick {
    let start = ring.index(of: request.hash ?? random.next())
    let first = ring.owners[start]
    switch seats[Int(first)] {
    case .ready(let id) where id != request.avoiding:
      return .subchannel(id)
    case .connecting:
      return .wait
    case .ready, .failing:
      return pick(after: start, avoiding: request.avoiding)
    }
  }

  /// The request's own endpoint cannot have it: the next one has it, or it waits for that one; if
  /// that is failing too, the next that is ready.
  private func pick(after start: Int, avoiding avoided: SubchannelID?) -> Pick {
    let first = ring.owners[start]
    var isSecond = true
    for distance in 1..<max(2, ring.owners.count) {
      let owner = ring.owners[(start + distance) % ring.owners.count]
      if owner == first { continue }
      switch seats[Int(owner)] {
      case .ready(let id):
        if id != avoided { return .subchannel(id) }
      case .connecting:
        if isSecond, avoided == nil { return .wait }
        isSecond = false
      case .failing:
        isSecond = false
      }
    }
    return lastResort(avoided)
  }

  /// Nothing else is ready: the endpoint to avoid, or one that has no point on a small ring.
  private func lastResort(_ avoided: SubchannelID?) -> Pick {
    var fallback = Pick.wait
    for case .ready(let id) in seats {
      if id != avoided { return .subchannel(id) }
      fallback = .subchannel(id)
    }
    return fallback
  }
}
