/// Endpoints with their weights in lowest terms, to be compared by active calls relative to weight.
struct LoadedEndpoints: Sendable {
  let ids: ContiguousArray<SubchannelID>
  let loads: ContiguousArray<EndpointLoad>
  /// Has each endpoint as often as its weight says, evenly spread.
  let interleave: Interleave

  /// - Parameter candidates: never empty.
  init(_ candidates: [Candidate], lags: [Double]? = nil) {
    let weights = candidates.map { max(1, $0.endpoint.weight) }
    guard let interleave = Interleave(weights: weights, lags: lags) else {
      preconditionFailure("A policy was asked for a picker over no endpoints.")
    }
    self.interleave = interleave
    ids = ContiguousArray(candidates.map(\.id))
    loads = ContiguousArray(candidates.map(\.load))
  }

  /// The endpoint that has a slot of the interleave.
  func endpoint(at slot: Int) -> Int {
    Int(interleave.slots[slot])
  }

  /// Whether the first has strictly fewer active calls for its weight than the second.
  func isLighter(_ first: Int, than second: Int) -> Bool {
    loads[first].active * interleave.shares[second]
      < loads[second].active * interleave.shares[first]
  }
}
