import Synchronization

/// A clock on which every sleep lasts until the test ends it.
final class HeldClock: Clock {
  typealias Instant = ContinuousClock.Instant

  private struct State {
    var sleepers: [Int: CheckedContinuation<Void, Never>] = [:]
    var next = 0
  }

  private let state = Mutex(State())

  var now: Instant { .now }
  var minimumResolution: Duration { .nanoseconds(1) }

  /// Ends all sleeps that are going on.
  func wakeAll() {
    let sleepers = state.withLock { state in
      let sleepers = state.sleepers
      state.sleepers = [:]
      return sleepers
    }
    for sleeper in sleepers.values { sleeper.resume() }
  }

  var sleeperCount: Int { state.withLock(\.sleepers.count) }

  func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    let id = state.withLock { state in
      state.next += 1
      return state.next
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isCancelled = state.withLock { state in
          guard !Task.isCancelled else { return true }
          state.sleepers[id] = continuation
          return false
        }
        if isCancelled { continuation.resume() }
      }
    } onCancel: {
      state.withLock { $0.sleepers.removeValue(forKey: id) }?.resume()
    }
    try Task.checkCancellation()
  }
}
