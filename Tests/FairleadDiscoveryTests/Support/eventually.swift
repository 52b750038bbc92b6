/// Polls a condition until it holds or a minute are over.
func eventually(_ condition: () -> Bool) async throws -> Bool {
  let deadline = ContinuousClock.now.advanced(by: .seconds(60))
  while !condition() {
    if ContinuousClock.now >= deadline { return false }
    try await Task.sleep(for: .milliseconds(1))
  }
  return true
}
