extension Reflector {
  /// Lets `body` run for so long, and cancels it then.
  ///
  /// - Returns: `nil` if the time was over first.
  func withLimit<Result: Sendable>(
    _ limit: Duration, _ body: @escaping @Sendable () async -> Result
  ) async -> Result? {
    await withLimit(limit, { Optional(await body()) }, onTimeout: { _ in nil })
  }

  /// - Parameter onTimeout: makes the result when the time was over, of what `body` returned when it
  ///   was cancelled.
  func withLimit<Result: Sendable>(
    _ limit: Duration, _ body: @escaping @Sendable () async -> Result,
    onTimeout: (Result) -> Result
  ) async -> Result {
    await withTaskGroup(of: Result?.self) { group in
      group.addTask { await body() }
      group.addTask {
        // Cancelled: the other one was first.
        try? await options.clock.sleep(for: limit)
        return nil
      }
      var isLate = false
      var result: Result?
      for await ended in group {
        if let ended { result = ended } else if result == nil { isLate = true }
        group.cancelAll()
      }
      guard let result else {
        preconditionFailure("Both tasks of the group have ended, and one of them has a result.")
      }
      return isLate ? onTimeout(result) : result
    }
  }
}
