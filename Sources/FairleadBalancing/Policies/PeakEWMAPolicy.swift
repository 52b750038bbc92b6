/// The better of two endpoints drawn at random, by latency times active calls: peak EWMA, as in
/// Finagle and Linkerd.
///
/// The latency of an endpoint follows a new peak at once and decays slowly, with time alone too, so
/// that a slow endpoint is tried again. Owners give latencies to ``EndpointLoad/recordLatency(_:now:)``
/// and the time to ``PickRequest/now``. An endpoint without any answer yet gets one call at a time.
public struct PeakEWMAPolicy: Policy {
  /// Its name in service configs.
  public let name = "peak_ewma_experimental"
  /// All endpoints are kept connected.
  public let connects = ConnectStrategy.all
  /// How fast old latencies lose weight: to 1/e of it in this time.
  public let decay: Duration

  /// The policy with this decay; one below 1 ms becomes 1 ms.
  public init(decay: Duration = .seconds(10)) {
    self.decay = max(.milliseconds(1), decay)
  }

  /// A picker that compares two of the candidates for each call.
  public func makePicker(
    over candidates: [Candidate], replacing previous: (any Picker)?, random: RandomSource
  ) -> any Picker {
    for candidate in candidates {
      candidate.load.latency.setDecay(decay)
    }
    return TwoChoicesPicker(over: candidates, by: .peakLatency, random: random)
  }
}
