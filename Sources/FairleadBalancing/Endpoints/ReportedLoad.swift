import Synchronization

/// The last load report of one endpoint, and since when there have been any (gRFC A58).
///
/// Safe to use from any thread. It has a lock, so pickers do not ask it: weights are looked up when a
/// picker is made.
final class ReportedLoad: Sendable {
  private struct State {
    var report: LoadReport?
    var lastUpdated = Duration.zero
    /// When reports began, after the connection or after the last one had expired.
    var nonEmptySince: Duration?
  }

  private let state = Mutex(State())

  /// A report that says nothing is as none.
  func record(_ report: LoadReport, now: Duration) {
    guard report.weight(errorPenalty: 0) != nil else { return }
    state.withLock { state in
      state.report = report
      state.lastUpdated = now
      state.nonEmptySince = state.nonEmptySince ?? now
    }
  }

  /// A new connection: the blackout period begins with the next report.
  func becameReady() {
    state.withLock { $0.nonEmptySince = nil }
  }

  /// Its worth now, to a policy with these settings.
  func weight(
    now: Duration, blackout: Duration, expiration: Duration, errorPenalty: Double
  ) -> ReportedWeight {
    state.withLock { state in
      guard let report = state.report else { return .notYetUsable }
      if now - state.lastUpdated >= expiration {
        state.nonEmptySince = nil
        return .stale
      }
      if blackout > .zero {
        guard let since = state.nonEmptySince, now - since >= blackout else {
          return .notYetUsable
        }
      }
      return report.weight(errorPenalty: errorPenalty).map { .usable($0) } ?? .notYetUsable
    }
  }
}
