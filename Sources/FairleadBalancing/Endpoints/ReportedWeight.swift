/// What an endpoint's load reports are worth at one time (gRFC A58).
public enum ReportedWeight: Sendable, Hashable {
  /// Greater than zero.
  case usable(Double)
  /// No report has come, or the blackout period is not over.
  case notYetUsable
  /// The last report is older than the expiration period.
  case stale

  /// The weight, `nil` if it does not count.
  public var value: Double? {
    switch self {
    case .usable(let weight): weight
    case .notYetUsable, .stale: nil
    }
  }
}
