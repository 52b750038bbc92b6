/// When endpoints that fail calls are taken out for a while (gRFC A50, Envoy's `OutlierDetection`).
///
/// Values out of range are brought to the nearest one within. With none of the three ways set,
/// nothing is counted and nothing ejected.
public struct OutlierDetection: Sendable, Hashable {
  /// The time between two sweeps, which eject by rate and bring back; `interval`.
  public var interval: Duration
  /// How long the first ejection lasts; each further one as often as the endpoint was ejected;
  /// `base_ejection_time`.
  public var baseEjectionTime: Duration
  /// The longest ejection; never less than the base; `max_ejection_time`.
  public var maxEjectionTime: Duration
  /// The share of the endpoints that may be ejected at once, in 0...100. One always may;
  /// `max_ejection_percent`.
  public var maxEjectionPercent: Int
  /// `success_rate_ejection`; `nil`: not done.
  public var successRate: SuccessRate?
  /// `failure_percentage_ejection`; `nil`: not done.
  public var failurePercentage: FailurePercentage?
  /// Envoy's `consecutive_5xx`, by final status: so many failures in a row eject at once, without
  /// waiting for a sweep. At least 1; `nil`: not done, as in gRPC.
  public var consecutiveFailures: Int?
  /// The final statuses that count as failures.
  public var failures: StatusSet

  /// Settings with gRPC's defaults, which eject nothing: set one of the three ways.
  public init(
    interval: Duration = .seconds(10), baseEjectionTime: Duration = .seconds(30),
    maxEjectionTime: Duration = .seconds(300), maxEjectionPercent: Int = 10,
    successRate: SuccessRate? = nil, failurePercentage: FailurePercentage? = nil,
    consecutiveFailures: Int? = nil, failures: StatusSet = .allErrors
  ) {
    self.interval = max(.milliseconds(1), interval)
    self.baseEjectionTime = max(.zero, baseEjectionTime)
    self.maxEjectionTime = max(self.baseEjectionTime, maxEjectionTime)
    self.maxEjectionPercent = min(100, max(0, maxEjectionPercent))
    self.successRate = successRate
    self.failurePercentage = failurePercentage
    self.consecutiveFailures = consecutiveFailures.map { max(1, $0) }
    self.failures = failures
  }

  /// Ejects an endpoint whose success rate is far below that of the others.
  public struct SuccessRate: Sendable, Hashable {
    /// How many standard deviations below the mean are too far, times 1,000; `stdev_factor`.
    public var deviationFactor: Int
    /// The chance in 0...100 that an outlier is ejected; `enforcement_percentage`.
    public var enforcementPercent: Int
    /// How many endpoints must have had enough calls; `minimum_hosts`.
    public var minimumEndpoints: Int
    /// The calls of one interval that are enough; `request_volume`.
    public var minimumCalls: Int

    /// The rule with gRPC's defaults.
    public init(
      deviationFactor: Int = 1900, enforcementPercent: Int = 100, minimumEndpoints: Int = 5,
      minimumCalls: Int = 100
    ) {
      self.deviationFactor = max(0, deviationFactor)
      self.enforcementPercent = min(100, max(0, enforcementPercent))
      self.minimumEndpoints = max(0, minimumEndpoints)
      self.minimumCalls = max(1, minimumCalls)
    }
  }

  /// Ejects an endpoint that fails a certain share of its calls, whatever the others do.
  public struct FailurePercentage: Sendable, Hashable {
    /// The percentage of failures, in 0...100, from which on an endpoint is ejected; `threshold`.
    public var threshold: Int
    /// The chance in 0...100 that an outlier is ejected; `enforcement_percentage`.
    public var enforcementPercent: Int
    /// How many endpoints there must be; `minimum_hosts`.
    public var minimumEndpoints: Int
    /// The calls of one interval that are enough; `request_volume`.
    public var minimumCalls: Int

    /// The rule with gRPC's defaults.
    public init(
      threshold: Int = 85, enforcementPercent: Int = 100, minimumEndpoints: Int = 5,
      minimumCalls: Int = 50
    ) {
      self.threshold = min(100, max(0, threshold))
      self.enforcementPercent = min(100, max(0, enforcementPercent))
      self.minimumEndpoints = max(0, minimumEndpoints)
      self.minimumCalls = max(1, minimumCalls)
    }
  }

  /// Whether anything can ever be ejected.
  public var isActive: Bool {
    successRate != nil || failurePercentage != nil || consecutiveFailures != nil
  }
}
