import UnixSignals

/// Runs `body` and answers what it answers; SIGTERM, SIGINT and SIGHUP cancel it.
///
/// - Returns: What `body` answered, after a signal too if it still had an answer then; otherwise
///   `nil`. Either way `body` has ended and tidied up.
/// - Throws: What `body` threw before any signal.
func untilSignalled<Result: Sendable>(
  _ body: @escaping @Sendable () async throws -> Result
) async throws -> Result? {
  let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint, .sighup)
  return try await withThrowingTaskGroup(of: Result?.self) { group in
    group.addTask { try await body() }
    group.addTask {
      for await _ in signals { break }
      return nil
    }
    let first = try await group.next() ?? nil
    group.cancelAll()
    if first != nil { return first }
    // A signal, so that an error from here on is but the echo of it.
    return (try? await group.next() ?? nil) ?? nil
  }
}
