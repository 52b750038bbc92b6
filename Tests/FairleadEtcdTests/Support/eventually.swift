/// Polls a condition until it holds or twenty seconds are over.
func eventually(_ condition: () async throws -> Bool) async rethrows -> Bool {
  let deadline = ContinuousClock.now.advanced(by: .seconds(20))
  while true {
    if try await condition() { return true }
    if ContinuousClock.now >= deadline || Task.isCancelled { return false }
    try? await Task.sleep(for: .milliseconds(2))
  }
}
