extension OutlierDetection {
  /// The fields of `OutlierDetectionLoadBalancingConfig` (gRFC A50).
  init(_ config: ConfigFields) throws(ServiceConfigError) {
    self.init(
      interval: try config.duration("interval") ?? .seconds(10),
      baseEjectionTime: try config.duration("baseEjectionTime") ?? .seconds(30),
      maxEjectionTime: try config.duration("maxEjectionTime") ?? .seconds(300),
      maxEjectionPercent: try config.integer("maxEjectionPercent", in: 0...100) ?? 10)
    if let rule = try config.object("successRateEjection") {
      successRate = SuccessRate(
        deviationFactor: try rule.integer("stdevFactor") ?? 1900,
        enforcementPercent: try rule.integer("enforcementPercentage", in: 0...100) ?? 100,
        minimumEndpoints: try rule.integer("minimumHosts") ?? 5,
        minimumCalls: try rule.integer("requestVolume") ?? 100)
    }
    if let rule = try config.object("failurePercentageEjection") {
      failurePercentage = FailurePercentage(
        threshold: try rule.integer("threshold", in: 0...100) ?? 85,
        enforcementPercent: try rule.integer("enforcementPercentage", in: 0...100) ?? 100,
        minimumEndpoints: try rule.integer("minimumHosts") ?? 5,
        minimumCalls: try rule.integer("requestVolume") ?? 50)
    }
  }
}

extension WeightedRoundRobinPolicy {
  /// The fields of `WeightedRoundRobinLbConfig` (gRFC A58).
  init(_ config: ConfigFields) throws(ServiceConfigError) {
    let isOutOfBand = try config.bool("enableOobLoadReport") ?? false
    let period = try config.duration("oobReportingPeriod") ?? .seconds(10)
    self.init(
      blackoutPeriod: try config.duration("blackoutPeriod") ?? .seconds(10),
      expirationPeriod: try config.duration("weightExpirationPeriod") ?? .seconds(180),
      updatePeriod: try config.duration("weightUpdatePeriod") ?? .seconds(1),
      errorPenalty: try config.number(
        "errorUtilizationPenalty", in: 0...Double(Float.greatestFiniteMagnitude)) ?? 1,
      outOfBandPeriod: isOutOfBand ? period : nil)
  }
}

extension RingHashPolicy {
  /// The fields of `RingHashLoadBalancingConfig` (gRFC A42, A76).
  init(_ config: ConfigFields) throws(ServiceConfigError) {
    let limits = 1...8_388_608
    let minimum = try config.integer("minRingSize", in: limits) ?? 1024
    let maximum = try config.integer("maxRingSize", in: limits) ?? 4096
    guard minimum <= maximum else {
      throw ServiceConfigError(
        path: config.path(of: "minRingSize"),
        message: "Expected maxRingSize, \(maximum), at most, found \(minimum).")
    }
    let header = try config.string("requestHashHeader") ?? ""
    guard !header.lowercased().hasSuffix("-bin") else {
      throw ServiceConfigError(
        path: config.path(of: "requestHashHeader"),
        message: "Expected a header of text, found the binary \"\(header.prefix(60))\".")
    }
    self.init(
      minimumSize: minimum, maximumSize: maximum,
      requestHashHeader: header.isEmpty ? nil : header.lowercased())
  }
}

extension LeastRequestPolicy {
  /// The fields of `LeastRequestLocalityLoadBalancingConfig` (gRFC A48): more than 10 choices count
  /// as 10. A full scan has no choices.
  func configured(_ config: ConfigFields) throws(ServiceConfigError) -> LeastRequestPolicy {
    switch method {
    case .twoChoices, .fullScan:
      return self
    case .choices:
      let count = try config.integer("choiceCount", in: 2...Int(UInt32.max)) ?? 2
      return LeastRequestPolicy(method: .choices(min(10, count)))
    }
  }
}
