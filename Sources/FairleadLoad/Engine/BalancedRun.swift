import FairleadGRPC
import Synchronization

/// What the tasks of a balanced run share: the schedule, and what they measured.
final class BalancedRun: Sendable {
  private struct State {
    var schedule: Schedule
    var start: ContinuousClock.Instant
    var measurements = Measurements()
    var notes = LoadNotes()
    var endpoints: [String]?
    var lastEnd: UInt64 = 0
    /// Calls that have begun and not ended, and those of them that count.
    var underWay = 0
    var isStopped = false
    var wasStopped = false
  }

  private let state: Mutex<State>
  private let plan: LoadPlan
  private let counter: LoadCounter
  private let clock: ContinuousClock
  private let stop = AsyncStream<Never>.makeStream()
  private let quiet = AsyncStream<Never>.makeStream()

  init(_ plan: LoadPlan, counter: LoadCounter, clock: ContinuousClock) {
    let share = LoadShare(plan: plan, worker: 0, workers: 1)
    state = Mutex(State(schedule: Schedule(share, start: 0), start: clock.now))
    self.plan = plan
    self.counter = counter
    self.clock = clock
  }

  // MARK: Calls

  /// Its time is counted from now.
  func start() {
    state.withLock { $0.start = clock.now }
  }

  /// The next call that a task has to make, perhaps in the future; `nil` at the end. Tasks take calls ahead of their time,
  /// so that they need not all wake up for each.
  ///
  /// - Parameter isFirst: of this task; another one waited until the task had ended the one before.
  func next(isFirst: Bool) -> (call: ScheduledCall, begins: ContinuousClock.Instant)? {
    state.withLock { state in
      let now = now(state)
      var step = state.schedule.next(now: now, underWay: 0)
      if case .wait(let due) = step { step = state.schedule.next(now: due, underWay: 0) }
      guard case .begin(let call) = step else { return nil }
      if plan.ratePerSecond != nil, !isFirst, call.isMeasured, call.intendedStart < now {
        state.notes.delayed += 1
      }
      return (call, state.start + .nanoseconds(Int64(clamping: call.intendedStart)))
    }
  }

  /// - Returns: Whether it may begin: not if the run was stopped.
  func begin(_ call: ScheduledCall) -> Bool {
    state.withLock { state in
      guard !state.isStopped else { return false }
      state.underWay += 1
      if call.isMeasured { state.notes.unfinished += 1 }
      return true
    }
  }

  func ended(_ call: ScheduledCall, _ ending: BalancedEnding) {
    let (period, isQuiet) = state.withLock { state -> (Timeline.Interval?, Bool) in
      state.underWay -= 1
      return (record(call, ending, in: &state), state.isStopped && state.underWay == 0)
    }
    if isQuiet { quiet.continuation.finish() }
    period.map(counter.ended)
    if call.isMeasured { counter.add(calls: 1, failed: ending.status == .ok ? 0 : 1) }
  }

  /// - Returns: A period of the timeline that is over with this call, if one is.
  private func record(
    _ call: ScheduledCall, _ ending: BalancedEnding, in state: inout State
  ) -> Timeline.Interval? {
    guard call.isMeasured else { return nil }
    let now = now(state)
    state.notes.unfinished -= 1
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

  /// Nanoseconds since the start.
  private func now(_ state: State) -> UInt64 {
    UInt64(clamping: state.start.duration(to: clock.now).nanoseconds)
  }

  // MARK: The end

  /// No more calls begin; those under way have `grace` to end.
  func end(afterStop grace: Duration) async {
    for await _ in stop.stream {}
    guard !Task.isCancelled else { return }
    await withTaskGroup { group in
      group.addTask { for await _ in self.quiet.stream {} }
      group.addTask { try? await self.clock.sleep(for: grace) }
      await group.next()
      group.cancelAll()
    }
  }

  /// Somebody wants it to end.
  func stopEarly() {
    stop { $0.wasStopped = true }
  }

  /// It cannot go on, for a reason that is told in a sentence.
  func giveUp(_ reason: String) {
    stop { $0.notes.failure = $0.notes.failure ?? reason }
  }

  private func stop(_ note: (inout State) -> Void) {
    let isQuiet = state.withLock { state in
      note(&state)
      state.isStopped = true
      state.schedule.stop()
      return state.underWay == 0
    }
    stop.continuation.finish()
    if isQuiet { quiet.continuation.finish() }
  }

  /// What is known of connections, while there are some; the first time counts.
  func note(_ endpoints: [EndpointStatus], _ tally: ConnectionTally) {
    state.withLock { state in
      guard state.endpoints == nil else { return }
      state.endpoints = endpoints.map(\.endpoint.address.description)
      state.measurements.connectionsOpened = tally.opened
      state.measurements.connectionsLost = tally.lost
      state.notes.note(endpoints, tally)
    }
  }

  func outcome() -> LoadOutcome {
    state.withLock { state in
      state.measurements.notSent = state.schedule.notSent
      let elapsed = state.schedule.elapsed(lastEnd: state.lastEnd)
      return LoadOutcome(
        measurements: state.measurements, elapsedSeconds: Double(elapsed) / 1e9,
        wasStopped: state.wasStopped,
        notes: state.notes.sentences(plan: plan, lost: state.measurements.connectionsLost),
        failure: state.notes.failure, endpoints: state.endpoints ?? [])
    }
  }
}
