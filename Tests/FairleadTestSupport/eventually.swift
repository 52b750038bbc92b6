import Testing

/// Polls a condition until it holds, for a minute at most: machines that test are busy.
package func eventually(_ condition: () async throws -> Bool) async rethrows -> Bool {
  let deadline = ContinuousClock.now + .seconds(60)
  while true {
    if try await condition() { return true }
    if ContinuousClock.now >= deadline || Task.isCancelled { return false }
    try? await Task.sleep(for: .milliseconds(1))
  }
}

/// The same, as an expectation. A closure that is written within `#expect` may be taken for one that
/// stands beside it: the compiler (6.3) gives both one name.
package func expectEventually(
  _ what: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation,
  _ condition: () async throws -> Bool
) async rethrows {
  let holds = try await eventually(condition)
  #expect(holds, what, sourceLocation: sourceLocation)
}
