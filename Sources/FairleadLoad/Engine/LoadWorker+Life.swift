import NIOCore

/// From the start of a worker's calls to its end.
extension LoadWorker {
  /// How long after a stop, and without a timeout after the end of the time, calls under way are waited for.
  private static let stopGrace = TimeAmount.seconds(1)
  private static let endGrace: UInt64 = 20_000_000_000

  /// Makes the calls. Connections are open.
  ///
  /// - Parameter start: Nanoseconds, the same for all workers of a run.
  func start(at start: UInt64) -> EventLoopFuture<LoadWorkerOutcome> {
    guard !isOver else { return loop.makeSucceededFuture(outcome) }
    let promise = loop.makePromise(of: LoadWorkerOutcome.self)
    done = promise
    schedule = Schedule(share, start: start)
    scheduleDeadlines()
    lastServed = Self.now
    scheduleWatch()
    wake()
    return promise.futureResult
  }

  /// Begins no more calls, and ends soon.
  func stop() {
    wasStopped = true
    // Nothing is under way before the start, and nobody says what becomes of connections that are being opened.
    guard schedule != nil else { return finish() }
    endSoon()
  }

  /// Ends the run before its plan is done, for a reason that is told in a sentence.
  func giveUp(_ reason: String) {
    guard !isOver, notes.failure == nil else { return }
    notes.failure = reason
    endSoon()
  }

  /// Calls that are under way get a moment.
  private func endSoon() {
    schedule?.stop()
    wake()
    loop.assumeIsolated().scheduleTask(in: Self.stopGrace) { self.finish() }
  }

  /// Ends the run; of calls that are under way still no more is told than how many they are.
  func finish() {
    guard !isOver else { return }
    isOver = true
    timer?.task.cancel()
    deadlines?.cancel()
    watch?.cancel()
    opening?.stop()
    notes.unfinished =
      calls.count { $0.isUnderWay && $0.scheduled.isMeasured }
      + waiting.count { $0.scheduled.isMeasured }
    for call in calls { call.abandon() }
    for connection in connections { connection?.finish() }
    connections.removeAll()
    measurements.notSent = schedule?.notSent ?? 0
    notes.delayed = schedule?.delayed ?? 0
    done?.succeed(outcome)
    done = nil
    calls.removeAll()
    idle.removeAll()
    waiting.removeAll()
    turns.removeAll()
  }

  private var outcome: LoadWorkerOutcome {
    LoadWorkerOutcome(
      measurements: measurements, notes: notes,
      elapsed: schedule?.elapsed(lastEnd: lastEnd) ?? 0, wasStopped: wasStopped)
  }

  // MARK: Deadlines

  /// All calls have the same time, so that looking at those under way now and then is enough.
  private func scheduleDeadlines() {
    guard share.plan.timeout != nil || schedule?.end != nil else { return }
    let tick = min(max((share.plan.timeout ?? .max) / 50, 1_000_000), 50_000_000)
    deadlines = loop.assumeIsolated().scheduleTask(in: .nanoseconds(Int64(tick))) {
      self.expireDeadlines()
    }
  }

  private func expireDeadlines() {
    let now = Self.now
    let isLate = schedule?.end.map { now > $0 &+ Self.endGrace } ?? false
    for call in calls where call.isUnderWay && (isLate || call.deadline <= now) {
      call.giveUp(.deadlineExceeded, "The call did not end in time.")
    }
    expireWaiting(now: now)
    if !isOver { scheduleDeadlines() }
  }
}
