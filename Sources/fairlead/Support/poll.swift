/// Asks `condition` every few milliseconds until it answers; `nil` when the time is over.
///
/// For what cannot tell us by itself: a file, a process, a page.
///
/// - Parameters:
///   - limit: How long to ask.
///   - interval: How long to rest in between.
///   - clock: What both are measured on.
func poll<Answer>(
  within limit: Duration,
  every interval: Duration = .milliseconds(2),
  clock: some Clock<Duration> = ContinuousClock(),
  _ condition: () async throws -> Answer?
) async throws -> Answer? {
  let deadline = clock.now.advanced(by: limit)
  while true {
    if let answer = try await condition() { return answer }
    if clock.now >= deadline { return nil }
    try await clock.sleep(for: interval)
  }
}
