/// Runs `body` for at most `limit`.
///
/// - Returns: What it answered; `nil` when the time was over, and it was cancelled and has ended.
/// - Throws: What it threw in time.
func within<Result: Sendable>(
  _ limit: Duration,
  clock: some Clock<Duration> = ContinuousClock(),
  _ body: @escaping @Sendable () async throws -> Result
) async throws -> Result? {
  try await withThrowingTaskGroup(of: Result?.self) { group in
    group.addTask { try await body() }
    group.addTask {
      try await clock.sleep(for: limit)
      return nil
    }
    defer { group.cancelAll() }
    return try await group.next() ?? nil
  }
}
