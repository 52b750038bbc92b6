import Synchronization

/// A clock on which sleeping takes no time but moves it on, and during a sleep something happens.
final class StoryClock: Clock {
  private struct State {
    var now = ContinuousClock.now
    var sleeps: [Duration] = []
  }

  private let state = Mutex(State())
  private let happening: @Sendable (Int) throws -> Void

  /// - Parameter happening: called during each sleep, with its number from 1 up.
  init(happening: @escaping @Sendable (Int) throws -> Void) {
    self.happening = happening
  }

  var now: ContinuousClock.Instant { state.withLock { $0.now } }
  var minimumResolution: Duration { .zero }
  /// How long each sleep was.
  var sleeps: [Duration] { state.withLock { $0.sleeps } }

  func sleep(until deadline: ContinuousClock.Instant, tolerance: Duration?) async throws {
    try Task.checkCancellation()
    let number = state.withLock { state in
      // Only the story is told: a loop that goes on does not fill memory.
      if state.sleeps.count < 100 { state.sleeps.append(state.now.duration(to: deadline)) }
      state.now = deadline
      return state.sleeps.count
    }
    try happening(number)
    await Task.yield()
  }
}
