import GRPCCore
import Synchronization

/// How long a server may take for all that it is asked by reflection, whatever that is: a server that is
/// slow each time would otherwise hold a command for as many times as it has symbols.
package final class ReflectionTime: Sendable {
  private let now: @Sendable () -> ContinuousClock.Instant
  private let deadline: ContinuousClock.Instant?
  private let left: Mutex<Duration>

  /// - Parameters:
  ///   - limit: For all questions together.
  ///   - deadline: When there is no time for anything any more; nil for never.
  ///   - now: What time it is.
  package init(
    limit: Duration, deadline: ContinuousClock.Instant? = nil,
    now: @escaping @Sendable () -> ContinuousClock.Instant
  ) {
    self.left = Mutex(limit)
    self.deadline = deadline
    self.now = now
  }

  /// Runs `body`, which is told how long it may take, and takes what it took from what is left.
  ///
  /// - Throws: `RPCError` with `deadlineExceeded` if nothing is left; what `body` throws.
  func spend<Result>(_ body: (Duration) async throws -> Result) async throws -> Result {
    let start = self.now()
    let left = self.left.withLock { $0 }
    let limit = self.deadline.map { min(left, start.duration(to: $0)) } ?? left
    guard limit > .zero else {
      throw RPCError(
        code: .deadlineExceeded, message: "There was no more time to ask the server what it serves."
      )
    }
    defer {
      let spent = start.duration(to: self.now())
      self.left.withLock { $0 -= spent }
    }
    return try await body(limit)
  }
}
