import FairleadBalancing

/// What a source has said so far, and what of it readers have not been told. Decides what is kept
/// and what is dropped; knows no clock and no reader.
struct ResolutionLedger: Sendable {
  /// What the source said last, beside its last good answer.
  private(set) var current: Resolution?
  private var told: Resolution?

  /// The source answered: these are all its endpoints, none perhaps.
  mutating func answered(
    _ endpoints: [ResolvedEndpoint], beside failure: ResolutionFailure?,
    at time: ContinuousClock.Instant
  ) {
    var seen = Set<EndpointAddress>()
    let distinct = endpoints.filter { seen.insert($0.endpoint.address).inserted }
    current = Resolution(endpoints: distinct, answeredAt: time, failure: failure)
  }

  /// The source did not answer: its last good answer stays.
  mutating func failed(_ failure: ResolutionFailure) {
    current = Resolution(
      endpoints: current?.endpoints ?? [], answeredAt: current?.answeredAt, failure: failure)
  }

  /// What readers have to be told, `nil` if they know it.
  mutating func takeNews() -> Resolution? {
    guard let current else { return nil }
    if let told, current.says(theSameAs: told) { return nil }
    told = current
    return current
  }
}
