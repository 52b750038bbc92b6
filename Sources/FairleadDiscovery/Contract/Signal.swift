import Synchronization

/// A flag that one task waits for and any thread sets. Set before it is waited for, it is
/// remembered; set many times, it counts once. Waiting can be cancelled and begun again.
final class Signal: Sendable {
  private struct State {
    var isSet = false
    var waiter: CheckedContinuation<Bool, Never>?
  }

  private let state = Mutex(State())

  /// Wakes the task that waits, or the next one that does.
  func set() {
    let waiter = state.withLock { state -> CheckedContinuation<Bool, Never>? in
      guard let waiter = state.waiter else {
        state.isSet = true
        return nil
      }
      state.waiter = nil
      return waiter
    }
    waiter?.resume(returning: true)
  }

  /// Waits until it is set, and takes it. `false` if the task was cancelled.
  func wait() async -> Bool {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let outcome = state.withLock { state -> Bool? in
          if state.isSet {
            state.isSet = false
            return true
          }
          if Task.isCancelled { return false }
          precondition(state.waiter == nil, "A signal has one waiter at a time.")
          state.waiter = continuation
          return nil
        }
        if let outcome { continuation.resume(returning: outcome) }
      }
    } onCancel: {
      let waiter = state.withLock { state in
        let waiter = state.waiter
        state.waiter = nil
        return waiter
      }
      waiter?.resume(returning: false)
    }
  }

  /// Waits until it is set, and takes it; `false` when the time is over or the task was cancelled.
  func wait(upTo limit: Duration, clock: any Clock<Duration>) async -> Bool {
    await withTaskGroup(of: Bool.self) { group in
      group.addTask { await self.wait() }
      group.addTask {
        // Cancelled: the other task had its way, or both are over.
        try? await clock.sleep(for: limit)
        return false
      }
      var wasSet = await group.next() ?? false
      group.cancelAll()
      // Set just as the time ran out: it must not be lost.
      for await late in group { wasSet = wasSet || late }
      return wasSet
    }
  }
}
