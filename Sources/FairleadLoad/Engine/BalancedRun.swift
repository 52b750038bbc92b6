import Synchronization

/// What the tasks of a balanced run share: the schedule, and what they measured.
final class BalancedRun: Sendable {
  private struct State {
    var schedule: Schedule
    var measurements = Measurements()
    var lastEnd: UInt64 = 0
    var failure: String?
  }

  private let state: Mutex<State>
  private let counter: LoadCounter
  private let clock: ContinuousClock
  private let start: ContinuousClock.Instant

  /// - Parameter schedule: begins at 0, which is now.
  init(_ schedule: Schedule, counter: LoadCounter, clock: ContinuousClock) {
    state = Mutex(State(schedule: schedule))
    self.counter = counter
    self.clock = clock
    start = clock.now
  }

  /// Nanoseconds since the start.
  var now: UInt64 { UInt64(clamping: start.duration(to: clock.now).nanoseconds) }

  func instant(_ nanoseconds: UInt64) -> ContinuousClock.Instant {
    start + .nanoseconds(Int64(clamping: nanoseconds))
  }

  /// The next call that a task has to make, perhaps in the future; `nil` at the end. Tasks take calls ahead of their time,
  /// so that they need not all wake up for each.
  func next() -> ScheduledCall? {
    let now = now
    return state.withLock { state in
      var step = state.schedule.next(now: now, underWay: 0)
      if case .wait(let due) = step { step = state.schedule.next(now: due, underWay: 0) }
      guard case .begin(let call) = step else { return nil }
      return call
    }
  }

  /// No more calls begin, for a reason that is told in a sentence.
  func giveUp(_ reason: String) {
    state.withLock { state in
      state.failure = state.failure ?? reason
      state.schedule.stop()
    }
  }

  func record(_ call: ScheduledCall, _ ending: BalancedEnding) {
    guard call.isMeasured else { return }
    let now = now
    let ended = state.withLock { state -> Timeline.Interval? in
      let periods = state.measurements.timeline.periodsOver
      let backend = ending.backend.map { state.measurements.backend(named: $0) }
      state.measurements.record(
        latencyNanoseconds: ending.isAnswer ? now - min(now, call.intendedStart) : nil,
        status: ending.status, backend: backend, at: now - min(now, state.schedule.measuredStart))
      state.measurements.bytesSent += ending.bytesSent
      state.measurements.bytesReceived += ending.bytesReceived
      if ending.status != .ok {
        state.measurements.note(message: ending.message, for: ending.status)
      }
      state.lastEnd = max(state.lastEnd, now)
      return state.measurements.timeline.periodsOver == periods
        ? nil : state.measurements.timeline.lastPeriod
    }
    ended.map(counter.ended)
    counter.add(calls: 1, failed: ending.status == .ok ? 0 : 1)
  }

  func outcome(wasStopped: Bool, endpoints: [String]) -> LoadOutcome {
    state.withLock { state in
      state.measurements.notSent = state.schedule.notSent
      let measuredStart = state.schedule.measuredStart
      let elapsed = state.lastEnd > measuredStart ? state.lastEnd - measuredStart : 0
      return LoadOutcome(
        measurements: state.measurements, elapsedSeconds: Double(elapsed) / 1e9,
        wasStopped: wasStopped, notes: [], failure: state.failure, endpoints: endpoints)
    }
  }
}
