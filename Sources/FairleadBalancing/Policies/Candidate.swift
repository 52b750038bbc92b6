/// An endpoint that can be picked.
public struct Candidate: Sendable {
  /// What a picker answers with to choose it.
  public let id: SubchannelID
  /// The endpoint as its source describes it.
  public let endpoint: Endpoint
  /// What is going on there. The same object for as long as the endpoint is in the set, so its
  /// identity tells an endpoint that remains from a new one.
  public let load: EndpointLoad
  /// Which part of its share it should have now, above 0 and at most 1: less than 1 while it starts
  /// slowly.
  public let ramp: Double

  /// A candidate; a balancer makes them, and tests of policies.
  public init(id: SubchannelID, endpoint: Endpoint, load: EndpointLoad, ramp: Double = 1) {
    self.id = id
    self.endpoint = endpoint
    self.load = load
    self.ramp = ramp
  }
}

extension Candidate {
  /// What ``weights(of:base:)`` multiplies all weights by, so that parts of a share are whole
  /// numbers: 1 if all have their whole share, else 100.
  static func weightScale(of candidates: [Candidate]) -> Int {
    candidates.allSatisfy { $0.ramp >= 1 } ? 1 : 100
  }

  /// The weights with each one's ramp, at least 1.
  static func weights(of candidates: [Candidate], base: (Candidate) -> Int) -> [Int] {
    let scale = weightScale(of: candidates)
    return candidates.map { candidate in
      let weight = max(1, base(candidate))
      guard scale > 1 else { return weight }
      let ramped = Double(weight) * Double(scale) * min(1, max(0, candidate.ramp))
      return max(1, Int(min(ramped.rounded(), 0x1p52)))
    }
  }
}
