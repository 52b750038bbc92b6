/// What outlier detection decided on one endpoint.
public enum OutlierVerdict: Sendable, Hashable {
  /// It gets no calls for a while.
  case ejected(Method)
  /// It would have been ejected.
  case spared(Method, Reason)
  /// Its time is over, or there are too few endpoints to do without it: it gets calls again.
  case returned

  /// How an outlier is found; the values are those of the label
  /// `grpc.lb.outlier_detection.detection_method` (gRFC A91), and one of our own.
  public enum Method: String, Sendable, CaseIterable {
    /// ``OutlierDetection/successRate-swift.property``.
    case successRate = "success_rate"
    /// ``OutlierDetection/failurePercentage-swift.property``.
    case failurePercentage = "failure_percentage"
    /// ``OutlierDetection/consecutiveFailures``, which gRPC does not have.
    case consecutiveFailures = "consecutive_failures"
  }

  /// Why an outlier stays; the values of the label `grpc.lb.outlier_detection.unenforced_reason`.
  public enum Reason: String, Sendable, CaseIterable {
    /// Chance, as the enforcement percentage is below 100.
    case enforcementPercentage = "enforcement_percentage"
    /// As many as may be are ejected already.
    case maxEjectionOverflow = "max_ejection_overflow"
  }
}
