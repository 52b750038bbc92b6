/// Endpoints with their weights in lowest terms, to be compared by active calls relative to weight.
struct LoadedEndpoints: Sendable {
  let ids: ContiguousArray<SubchannelID>
  let loads: ContiguousArray<EndpointLoad>
  /// Has each endpoint as often as its weight says, evenly spread.
  let interleave: Interleave

  /// - Parameter candidates: never empty.
  init(_ candidates: [Candidate], lags: [Double]? = nil) {
    let weights = Candidate.weights(of: candidates, base: { $0.endpoint.weight })
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

  /// Whether a call would wait strictly less at the first than at the second, for its weight.
  func isQuicker(_ first: Int, than second: Int, now: Duration?) -> Bool {
    cost(of: first, now: now) * Double(interleave.shares[second])
      < cost(of: second, now: now) * Double(interleave.shares[first])
  }

  /// Latency times the calls that there would be. Before the first answer, nothing: so it gets a
  /// call soon; and while that runs, more than any latency: so it gets no further ones.
  private func cost(of index: Int, now: Duration?) -> Double {
    let load = loads[index]
    let active = Double(max(0, load.active))
    guard let latency = load.latency.seconds(now: now) else {
      return active == 0 ? 0 : 1e9 + active
    }
    // A latency that rounds to nothing must still tell busy from idle.
    return max(latency, 1e-9) * (active + 1)
  }
}
