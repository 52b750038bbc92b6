/// Which call of a worker is due when. Has no clock: whoever asks says what time it is.
///
/// In a closed loop a call is due whenever fewer than `concurrency` are under way. In an open loop call `n` of the run is
/// due `n / rate` seconds after its start, and is under way from when there is room for it; its latency counts from when
/// it was due, so that a server that stops is not let off the calls that it kept from being made (no coordinated
/// omission). A call that would begin later than a call may take is not sent, but counted, and so are those that were due
/// and had not begun when the run's time was over.
package struct Schedule: Sendable {
  /// What to do now.
  package enum Step: Sendable, Hashable {
    case begin(ScheduledCall)
    /// No call is due before then.
    case wait(until: UInt64)
    /// A call is due, and as many are under way as may be: ask again when one has ended.
    case full
    /// No call will be due any more.
    case finished
  }

  private let share: LoadShare
  private let start: UInt64
  private let warmUpEnd: UInt64
  /// When no call begins any more; `nil` if the run ends by its number of calls.
  package let end: UInt64?
  private let maximumLateness: UInt64
  /// Calls of this worker that were begun or given up.
  private var passed = 0
  /// Of these, those that count.
  private var measured = 0
  private var isStopped = false
  /// When as many calls as may be were last found under way, and another was due.
  private var lastFull: UInt64?

  /// Calls that count and were due, but did not begin.
  package private(set) var notSent = 0
  /// Calls that count and began late, since as many were under way as may be when they were due; open loop only.
  package private(set) var delayed = 0

  /// - Parameter start: When the warm-up begins, in nanoseconds of the run's clock.
  package init(_ share: LoadShare, start: UInt64) {
    self.share = share
    self.start = start
    let (warm, isBeyond) = start.addingReportingOverflow(share.plan.warmUp)
    warmUpEnd = isBeyond ? .max : warm
    maximumLateness = share.plan.timeout ?? .max
    switch share.plan.extent {
    case .calls: end = nil
    case .duration(let length):
      let (sum, isBeyond) = warmUpEnd.addingReportingOverflow(length)
      end = isBeyond ? .max : sum
    }
  }

  /// When the measured part of the run begins.
  package var measuredStart: UInt64 { warmUpEnd }

  /// When the part of the run is over that its measured calls stand for: at a rate a call stands for the time to the next, so
  /// that two calls at one in two seconds are two in four. Not later than the run's end; `nil` in a closed loop, without
  /// calls, and if the run was stopped.
  var measuredEnd: UInt64? {
    guard let rate = share.plan.ratePerSecond, measured > 0, !isStopped else { return nil }
    return min(due(number - share.workers + 1, rate: rate), end ?? .max)
  }

  /// How long the measured part was, in nanoseconds.
  ///
  /// - Parameter lastEnd: When the last measured call ended; 0 without one.
  package func elapsed(lastEnd: UInt64) -> UInt64 {
    guard lastEnd > measuredStart else { return 0 }
    return max(lastEnd, measuredEnd ?? 0) - measuredStart
  }

  /// No further call begins, and none counts as not sent for it.
  package mutating func stop() {
    isStopped = true
  }

  /// - Parameters:
  ///   - now: nanoseconds of the run's clock.
  ///   - underWay: calls of this worker that have begun and not ended.
  package mutating func next(now: UInt64, underWay: Int) -> Step {
    if isStopped { return .finished }
    if let calls = share.calls, measured >= calls { return .finished }
    guard let rate = share.plan.ratePerSecond else {
      if let end, now >= end { return .finished }
      return underWay < share.concurrency ? .begin(take(intendedStart: now)) : .full
    }
    return nextOfOpenLoop(now: now, underWay: underWay, rate: rate)
  }

  private mutating func nextOfOpenLoop(now: UInt64, underWay: Int, rate: Double) -> Step {
    while true {
      if let calls = share.calls, measured >= calls { return .finished }
      let due = due(number, rate: rate)
      if let end, due >= end { return .finished }
      if due > now { return .wait(until: due) }
      if let end, now >= end {
        giveUp(due)
      } else if now - due > maximumLateness {
        giveUp(due)
      } else if underWay < share.concurrency {
        if let lastFull, due <= lastFull { delayed += due >= warmUpEnd ? 1 : 0 }
        return .begin(take(intendedStart: due))
      } else {
        lastFull = now
        return .full
      }
    }
  }

  /// When the call of this number is due; the end of time for what is later than a clock can say.
  private func due(_ number: Int, rate: Double) -> UInt64 {
    let wait = UInt64(min(Double(number) * 1e9 / rate, Double(Int64.max / 2)))
    let (sum, isBeyond) = start.addingReportingOverflow(wait)
    return isBeyond ? .max : sum
  }

  /// The next call's number in the run.
  private var number: Int { passed * share.workers + share.worker }

  private mutating func take(intendedStart: UInt64) -> ScheduledCall {
    let call = ScheduledCall(
      number: number, intendedStart: intendedStart, isMeasured: intendedStart >= warmUpEnd)
    passed += 1
    if call.isMeasured { measured += 1 }
    return call
  }

  private mutating func giveUp(_ due: UInt64) {
    let call = take(intendedStart: due)
    if call.isMeasured { notSent += 1 }
  }
}
