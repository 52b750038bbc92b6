/// What a server says of its load: the fields of ORCA's `OrcaLoadReport` that make a weight, from
/// the trailer `endpoint-load-metrics-bin` or out of band (gRFC A51).
public struct LoadReport: Sendable, Hashable {
  /// `rps_fractional`.
  public var requestsPerSecond: Double
  /// `eps`: errors of the application per second.
  public var errorsPerSecond: Double
  /// `application_utilization`; 0: not set.
  public var applicationUtilization: Double
  /// `cpu_utilization`, which counts when the application's is not set; may be above 1.
  public var cpuUtilization: Double

  /// A report of these values; those left out count as not set.
  public init(
    requestsPerSecond: Double, errorsPerSecond: Double = 0, applicationUtilization: Double = 0,
    cpuUtilization: Double = 0
  ) {
    self.requestsPerSecond = requestsPerSecond
    self.errorsPerSecond = errorsPerSecond
    self.applicationUtilization = applicationUtilization
    self.cpuUtilization = cpuUtilization
  }

  /// The utilization that counts.
  var utilization: Double {
    applicationUtilization > 0 ? applicationUtilization : cpuUtilization
  }

  /// `qps / (utilization + eps / qps * penalty)`, `nil` if the report says too little for a weight.
  func weight(errorPenalty: Double) -> Double? {
    guard requestsPerSecond > 0, utilization > 0, errorsPerSecond >= 0 else { return nil }
    let weight =
      requestsPerSecond / (utilization + errorsPerSecond / requestsPerSecond * errorPenalty)
    return weight.isFinite && weight > 0 ? weight : nil
  }
}
