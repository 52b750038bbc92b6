/// A clock on which no time passes but all others get a turn.
struct TurnClock: Clock {
  func sleep(until deadline: ContinuousClock.Instant, tolerance: Duration?) async throws {
    try Task.checkCancellation()
    await Task.yield()
  }

  var now: ContinuousClock.Instant { .now }
  var minimumResolution: Duration { .zero }
}
