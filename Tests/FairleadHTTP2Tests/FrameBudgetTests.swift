import Testing

@testable import FairleadHTTP2

@Suite("A frame budget")
struct FrameBudgetTests {
  private let second: UInt64 = 1_000_000_000

  @Test("allows its burst and no more while no time passes")
  func burst() {
    var budget = FrameBudget(burst: 3, perSecond: 10)
    #expect((0..<5).map { _ in budget.spend(now: 5) } == [true, true, true, false, false])
  }

  @Test("earns one token for each part of a second")
  func refill() {
    var budget = FrameBudget(burst: 2, perSecond: 10)
    let times = [0, 0, 99_999_999, 100_000_000, 100_000_000].map { second + $0 }
    #expect(times.map { budget.spend(now: $0) } == [true, true, false, true, false])
  }

  @Test("never holds more than its burst, however long nothing came")
  func ceiling() {
    var budget = FrameBudget(burst: 2, perSecond: 1000)
    let times: [UInt64] = [0, .max / 2, .max / 2, .max / 2]
    #expect(times.map { budget.spend(now: $0) } == [true, true, true, false])
  }

  @Test(
    "earns at its rate from a peer that spends faster than it earns",
    arguments: [1_000_000, 3_000_000, 7_000_000] as [UInt64])
  func steadyOverspending(interval: UInt64) {
    var budget = FrameBudget(burst: 10, perSecond: 100)
    // For ten seconds: 10 at once and 100 a second.
    let frames = 10 * second / interval
    let spent = (0..<frames).count { budget.spend(now: second + $0 * interval) }
    #expect((1005...1010).contains(spent))
  }

  @Test("of nothing allows nothing")
  func empty() {
    var budget = FrameBudget(burst: 0, perSecond: 0)
    let atFirst = budget.spend(now: 0)
    let later = budget.spend(now: second * 100)
    #expect(!atFirst && !later)
  }
}
