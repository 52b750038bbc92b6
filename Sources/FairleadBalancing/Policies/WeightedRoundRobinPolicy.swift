/// Each ready endpoint in turn, as often as its weight says, evenly spread.
///
/// The weights are those that endpoints report (gRFC A58): requests per second for each unit of
/// utilization, less a penalty for errors. Until two endpoints have a reported weight, the weights of
/// their source count. After that, an endpoint without one has the mean of the others.
public struct WeightedRoundRobinPolicy: Policy {
  /// Its name in service configs.
  public let name = "weighted_round_robin"
  /// All endpoints are kept connected.
  public let connects = ConnectStrategy.all
  /// How long an endpoint must have reported before its weight counts; `blackoutPeriod`.
  public let blackoutPeriod: Duration
  /// How long after the last report its weight counts; `weightExpirationPeriod`.
  public let expirationPeriod: Duration
  /// How often weights are looked up; 100 ms at least; `weightUpdatePeriod`.
  public let updatePeriod: Duration
  /// What errors weigh; not negative; `errorUtilizationPenalty`.
  public let errorPenalty: Double
  /// The reporting period to ask servers for out of band; `nil`: reports come with each call;
  /// `enableOobLoadReport` and `oobReportingPeriod`.
  public let outOfBandPeriod: Duration?

  /// The policy with gRPC's defaults; values out of range are brought to the nearest one within.
  public init(
    blackoutPeriod: Duration = .seconds(10), expirationPeriod: Duration = .seconds(180),
    updatePeriod: Duration = .seconds(1), errorPenalty: Double = 1,
    outOfBandPeriod: Duration? = nil
  ) {
    self.blackoutPeriod = max(.zero, blackoutPeriod)
    self.expirationPeriod = max(.zero, expirationPeriod)
    self.updatePeriod = max(.milliseconds(100), updatePeriod)
    self.errorPenalty = errorPenalty >= 0 ? errorPenalty : 0
    self.outOfBandPeriod = outOfBandPeriod
  }

  /// As often as weights are looked up.
  public var refreshPeriod: Duration? { updatePeriod }

  /// A picker over these candidates, with the weights that count at time zero.
  public func makePicker(
    over candidates: [Candidate], replacing previous: (any Picker)?, random: RandomSource
  ) -> any Picker {
    makePicker(over: candidates, in: PickerSetting(random: random), replacing: previous)
  }

  /// A picker with the weights that count now; the previous one if they are the same.
  public func makePicker(
    over candidates: [Candidate], in setting: PickerSetting, replacing previous: (any Picker)?
  ) -> any Picker {
    let base = sharesOfMean(reportedWeights(of: candidates, now: setting.now) ?? [])
    var next = 0
    let weights = Candidate.weights(of: candidates) { candidate in
      defer { next += 1 }
      return base?[next] ?? candidate.endpoint.weight
    }
    if let previous = previous as? RotationPicker, previous.deals(to: candidates, by: weights) {
      return previous
    }
    return RotationPicker(
      over: candidates, weights: weights, replacing: previous, random: setting.random)
  }

  /// What it makes of their reports.
  public func reportedWeights(of candidates: [Candidate], now: Duration) -> [ReportedWeight]? {
    candidates.map { candidate in
      candidate.load.reports.weight(
        now: now, blackout: blackoutPeriod, expiration: expirationPeriod,
        errorPenalty: errorPenalty)
    }
  }

  /// Weights to 1 % of their mean; `nil` if fewer than two endpoints have one.
  private func sharesOfMean(_ reported: [ReportedWeight]) -> [Int]? {
    let known = reported.compactMap(\.value)
    guard known.count >= 2 else { return nil }
    // Divided first: a sum of the largest weights would not be finite.
    let mean = known.reduce(0) { $0 + $1 / Double(known.count) }
    return reported.map { max(1, Int((($0.value ?? mean) / mean * 100).rounded())) }
  }
}
