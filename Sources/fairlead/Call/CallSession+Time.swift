import FairleadCalls

extension CallSession {
  /// Runs what `--max-time` has to bound and no server's answer does.
  ///
  /// - Parameter what: Begins the sentence that says what took too long.
  func inTime<Result: Sendable>(
    _ deadline: ContinuousClock.Instant?, _ what: String,
    _ body: @escaping @Sendable () async throws -> Result
  ) async throws -> Result {
    guard let deadline else { return try await body() }
    let limit = max(.zero, self.clock.now.duration(to: deadline))
    guard let result = try await within(limit, clock: self.clock, body) else {
      throw CommandFailure("\(what) within --max-time (DEADLINE_EXCEEDED); give it longer.")
    }
    return result
  }

  /// A method as files or the server describe it.
  func method(
    _ name: String, of source: any DescriptorSource, deadline: ContinuousClock.Instant?
  ) async throws -> CallableMethod {
    // Questions to a server have a limit of their own.
    guard self.settings.files != nil else { return try await source.callable(name) }
    return try await self.inTime(deadline, Self.readingFiles) { try await source.callable(name) }
  }

  static let readingFiles = "The files that say what there is were not read"
}
