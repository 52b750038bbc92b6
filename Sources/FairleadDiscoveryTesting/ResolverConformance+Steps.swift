import FairleadBalancing
import FairleadDiscovery

extension ResolverConformance {
  /// Runs the resolver during `body`, and checks that it ends when it is cancelled, and all its
  /// readers' sequences with it.
  func whileRunning(_ body: () async throws -> Void) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await resolver.run() }
      try await body()
      var reader = resolver.makeAsyncIterator()
      group.cancelAll()
      // Without an end the test would hang here, and its time limit say so.
      try await group.waitForAll()
      while await reader.next() != nil {}
    }
  }

  /// The first resolution for a new reader that is as expected.
  func next(
    _ what: String, where isExpected: @Sendable @escaping (Resolution) -> Bool
  ) async throws -> Resolution {
    guard let found = await first(within: patience, where: isExpected) else {
      throw ConformanceFailure(
        "\(what) did not come in \(patience); known is \(String(describing: resolver.current))")
    }
    return found
  }

  /// The same, `nil` when the time is over.
  func first(
    within limit: Duration,
    where isExpected: @Sendable @escaping (Resolution) -> Bool
  ) async -> Resolution? {
    await withTaskGroup(of: Resolution?.self) { group in
      group.addTask {
        for await resolution in resolver where isExpected(resolution) { return resolution }
        return nil
      }
      group.addTask {
        try? await ContinuousClock().sleep(for: limit)
        return nil
      }
      let first = await group.next() ?? nil
      group.cancelAll()
      return first
    }
  }

  func addresses(_ resolution: Resolution) -> Set<EndpointAddress> {
    Set(resolution.endpoints.map(\.endpoint.address))
  }

  func expect(_ isKept: Bool, _ promise: String) throws {
    guard isKept else { throw ConformanceFailure("Not so: \(promise)") }
  }
}
