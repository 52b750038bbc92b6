import Testing

/// Polls a condition until it holds or twenty seconds are over.
func eventually(_ condition: () async throws -> Bool) async rethrows -> Bool {
  let deadline = ContinuousClock.now.advanced(by: .seconds(20))
  while true {
    if try await condition() { return true }
    if ContinuousClock.now >= deadline || Task.isCancelled { return false }
    try? await Task.sleep(for: .milliseconds(2))
  }
}

/// The same, as an expectation. A closure that is written within `#expect` may be taken for one that
/// stands beside it: the compiler (6.3) gives both one name.
func expectEventually(
  _ what: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation,
  _ condition: () async throws -> Bool
) async rethrows {
  let holds = try await eventually(condition)
  #expect(holds, what, sourceLocation: sourceLocation)
}
