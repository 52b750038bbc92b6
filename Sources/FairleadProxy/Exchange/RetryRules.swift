import FairleadBalancing
import FairleadTelemetry

/// How often a call may be tried again on another endpoint: because the one before did nothing with it (gRFC A6,
/// "Transparent Retries"), or because it was lost and its service allows that; and which endpoint it has just failed on.
struct RetryRules {
  /// Attempts that never left the proxy. A6 sets no bound; this one keeps a call from circling.
  static let unsentLimit = 5

  private(set) var avoiding: SubchannelID?
  private var unsent = 0
  private var wasRefused = false
  private var wasLost = false

  /// The call did not leave the proxy: no connection could be had.
  mutating func allowsAfterConnectFailure(on id: SubchannelID) -> Bool {
    avoiding = id
    unsent += 1
    return unsent <= Self.unsentLimit
  }

  /// The call reached the endpoint's transport, which refused it: once for each call.
  mutating func allowsAfterRefusal(by id: SubchannelID) -> Bool {
    avoiding = id
    defer { wasRefused = true }
    return !wasRefused
  }

  /// The call was sent, and its connection lost before an answer: once for each call.
  mutating func allowsAfterLoss(of id: SubchannelID) -> Bool {
    avoiding = id
    defer { wasLost = true }
    return !wasLost
  }
}
