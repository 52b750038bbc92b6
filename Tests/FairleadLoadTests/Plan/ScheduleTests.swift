import Testing

@testable import FairleadLoad

struct ScheduleTests {
  private static let second: UInt64 = 1_000_000_000
  private static let millisecond: UInt64 = 1_000_000

  private static func schedule(_ plan: LoadPlan, start: UInt64 = 1000) -> Schedule {
    Schedule(LoadShare(plan: plan, worker: 0, workers: 1), start: start)
  }

  /// Calls that begin at this time, while nothing ends; and what stopped them.
  private static func burst(
    _ schedule: inout Schedule, now: UInt64, underWay: Int = 0
  ) -> (calls: [ScheduledCall], stop: Schedule.Step) {
    var calls: [ScheduledCall] = []
    while true {
      switch schedule.next(now: now, underWay: underWay + calls.count) {
      case .begin(let call): calls.append(call)
      case let step: return (calls, step)
      }
    }
  }

  @Test("a closed loop keeps as many calls under way as it may, and ends after its number of calls")
  func closedLoop() {
    var schedule = Self.schedule(LoadPlan(extent: .calls(5), concurrency: 3))
    let first = Self.burst(&schedule, now: 1000)
    #expect(first.calls.map(\.number) == [0, 1, 2])
    #expect(first.calls.allSatisfy { $0.intendedStart == 1000 && $0.isMeasured })
    #expect(first.stop == .full)
    let second = Self.burst(&schedule, now: 2000, underWay: 0)
    #expect(second.calls.map(\.number) == [3, 4])
    #expect(second.stop == .finished)
    #expect(schedule.notSent == 0)
    #expect(schedule.delayed == 0)
  }

  @Test("a closed loop by time begins no call from its end on")
  func closedLoopByTime() {
    var schedule = Self.schedule(
      LoadPlan(extent: .duration(Self.second), concurrency: 1), start: 0)
    #expect(schedule.end == Self.second)
    #expect(Self.burst(&schedule, now: Self.second - 1).calls.count == 1)
    #expect(schedule.next(now: Self.second, underWay: 0) == .finished)
  }

  @Test("at a rate each call stands for the time to the next, in a closed loop for none")
  func elapsed() {
    var slow = Self.schedule(
      LoadPlan(extent: .calls(2), concurrency: 2, ratePerSecond: 0.5, warmUp: Self.second), start: 0
    )
    #expect(slow.elapsed(lastEnd: 0) == 0)
    // One call of the warm-up, at 0 s, and two at 2 s and 4 s.
    #expect(Self.burst(&slow, now: 5 * Self.second).stop == .full)
    #expect(Self.burst(&slow, now: 5 * Self.second).stop == .finished)
    #expect(slow.elapsed(lastEnd: 5 * Self.second) == 5 * Self.second)
    #expect(slow.elapsed(lastEnd: 7 * Self.second) == 6 * Self.second)

    var brief = Self.schedule(
      LoadPlan(extent: .duration(3 * Self.second), concurrency: 9, ratePerSecond: 0.5), start: 0)
    _ = Self.burst(&brief, now: 2 * Self.second)
    #expect(brief.elapsed(lastEnd: 2 * Self.second + 1) == 3 * Self.second)
    brief.stop()
    #expect(brief.elapsed(lastEnd: 2 * Self.second + 1) == 2 * Self.second + 1)

    var closed = Self.schedule(LoadPlan(extent: .calls(2), concurrency: 2), start: 0)
    _ = Self.burst(&closed, now: 0)
    #expect(closed.elapsed(lastEnd: 7) == 7)
  }

  @Test("calls of the warm-up are not measured and do not count towards the total")
  func warmUp() {
    var schedule = Self.schedule(
      LoadPlan(extent: .calls(1), concurrency: 2, warmUp: Self.second), start: 0)
    #expect(schedule.measuredStart == Self.second)
    let warm = Self.burst(&schedule, now: Self.second - 1)
    #expect(warm.calls.map(\.isMeasured) == [false, false])
    #expect(warm.stop == .full)
    let counted = Self.burst(&schedule, now: Self.second)
    #expect(counted.calls.map(\.isMeasured) == [true])
    #expect(counted.stop == .finished)
  }

  @Test("an open loop spaces calls evenly, without drift")
  func openLoop() {
    var schedule = Self.schedule(
      LoadPlan(extent: .calls(30_001), concurrency: 1, ratePerSecond: 3), start: 0)
    #expect(
      schedule.next(now: 0, underWay: 0)
        == .begin(.init(number: 0, intendedStart: 0, isMeasured: true)))
    #expect(schedule.next(now: 1, underWay: 0) == .wait(until: 333_333_333))
    var last: UInt64 = 0
    while case .begin(let call) = schedule.next(now: .max / 2, underWay: 0) {
      last = call.intendedStart
    }
    #expect(last == 10_000 * Self.second)
  }

  @Test("a call that began late keeps the time at which it was due")
  func lateCalls() {
    var schedule = Self.schedule(
      LoadPlan(extent: .calls(100), concurrency: 2, ratePerSecond: 1000), start: 0)
    // The server has stopped: two calls are out, and ten more come due.
    #expect(Self.burst(&schedule, now: Self.millisecond).calls.count == 2)
    #expect(Self.burst(&schedule, now: 11 * Self.millisecond, underWay: 2).stop == .full)
    #expect(schedule.next(now: 11 * Self.millisecond, underWay: 2) == .full)
    #expect(schedule.delayed == 0)
    let late = Self.burst(&schedule, now: 11 * Self.millisecond, underWay: 1)
    #expect(late.calls.map(\.intendedStart) == [2 * Self.millisecond])
    let later = Self.burst(&schedule, now: 12 * Self.millisecond, underWay: 0)
    #expect(later.calls.map(\.intendedStart) == [3 * Self.millisecond, 4 * Self.millisecond])
    #expect(schedule.delayed == 3)
    #expect(schedule.notSent == 0)
  }

  @Test("a call that would begin later than a call may take is not sent")
  func tooLate() {
    var schedule = Self.schedule(
      LoadPlan(
        extent: .calls(100), concurrency: 1, ratePerSecond: 1000,
        timeout: 5 * Self.millisecond), start: 0)
    #expect(Self.burst(&schedule, now: 0).calls.count == 1)
    let late = Self.burst(&schedule, now: 10 * Self.millisecond, underWay: 0)
    // Due at 1 to 4 ms: more than 5 ms ago. The one of 5 ms is just in time.
    #expect(late.calls.map(\.intendedStart) == [5 * Self.millisecond])
    #expect(schedule.notSent == 4)
  }

  @Test("what was due and did not begin before the end of the time is not sent, but counted")
  func endOfTime() {
    var schedule = Self.schedule(
      LoadPlan(
        extent: .duration(10 * Self.millisecond), concurrency: 1, ratePerSecond: 1000,
        warmUp: 2 * Self.millisecond), start: 0)
    #expect(Self.burst(&schedule, now: Self.millisecond).calls.count == 1)
    #expect(schedule.next(now: 12 * Self.millisecond, underWay: 1) == .finished)
    // Calls were due at 0 … 11 ms; the two of the warm-up do not count.
    #expect(schedule.notSent == 10)
  }

  @Test("a stopped schedule is finished, and what was due later is not missed")
  func stopping() {
    var schedule = Self.schedule(
      LoadPlan(extent: .duration(Self.second), concurrency: 1, ratePerSecond: 1000), start: 0)
    _ = schedule.next(now: 0, underWay: 0)
    schedule.stop()
    #expect(schedule.next(now: 2 * Self.second, underWay: 0) == .finished)
    #expect(schedule.notSent == 0)
  }

  @Test("the shares of several workers are the plan", arguments: 1...5)
  func shares(workers: Int) {
    let plan = LoadPlan(
      extent: .calls(103), concurrency: 13, connections: 7, ratePerSecond: 1000)
    let shares = LoadShare.shares(of: plan, among: workers)
    #expect(shares.reduce(0) { $0 + $1.concurrency } == 13)
    #expect(shares.reduce(0) { $0 + $1.connections } == 7)
    for share in shares {
      let quotas = (0..<share.connections).map(share.quota(ofConnection:))
      #expect(quotas.reduce(0, +) == share.concurrency)
    }
    var calls: [ScheduledCall] = []
    for share in shares {
      var schedule = Schedule(share, start: 0)
      while case .begin(let call) = schedule.next(now: .max / 2, underWay: 0) {
        calls.append(call)
      }
    }
    calls.sort { $0.number < $1.number }
    #expect(calls.map(\.number) == Array(0..<103))
    #expect(calls.map(\.intendedStart) == (0..<103).map { UInt64($0) * Self.millisecond })
  }

  @Test("no more workers share a plan than there are connections, or calls at once")
  func workers() {
    let plan = LoadPlan(extent: .calls(1), concurrency: 2, connections: 3)
    #expect(LoadShare.workers(wanted: 8, for: plan) == 2)
    #expect(LoadShare.workers(wanted: 0, for: plan) == 1)
    let share = LoadShare(
      plan: LoadPlan(extent: .calls(1), concurrency: 1, connections: 3), worker: 0, workers: 1)
    #expect((0..<3).map(share.quota(ofConnection:)) == [1, 1, 1])
  }

  @Test("a rate or a length beyond what a clock can say is no overflow")
  func beyondTheClock() {
    var slow = Self.schedule(
      LoadPlan(extent: .calls(.max), concurrency: 2, ratePerSecond: 1e-300, warmUp: .max))
    #expect(Self.burst(&slow, now: 1000).calls.count == 1)
    guard case .wait(let due) = slow.next(now: 1000, underWay: 0) else {
      Issue.record("the second call is due in no time that a test could see")
      return
    }
    #expect(due > UInt64(Int64.max / 4))
    let long = Self.schedule(LoadPlan(extent: .duration(.max), concurrency: 1, warmUp: .max))
    #expect(long.end == .max)
  }
}
