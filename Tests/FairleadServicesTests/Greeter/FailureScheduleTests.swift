import Testing

@testable import FairleadServices

@Suite("FailureSchedule")
struct FailureScheduleTests {
  @Test("A rate of 0.1 fails every tenth call, exactly, for as long as it runs")
  func exactInterleave() throws {
    var schedule = try #require(FailureSchedule(rate: 0.1))
    let failing = (1...100_000).filter { _ in schedule.nextFails() }
    #expect(failing == Array(stride(from: 10, through: 100_000, by: 10)))
  }

  @Test("The limits: 0 fails none, 1 fails all")
  func limits() throws {
    var none = try #require(FailureSchedule(rate: 0))
    var all = try #require(FailureSchedule(rate: 1))
    let failures = (0..<1000).map { _ in (none.nextFails(), all.nextFails()) }
    #expect(failures.allSatisfy { $0 == (false, true) })
  }

  @Test("What is not a share is refused", arguments: [-0.1, 1.0001, .infinity, .nan])
  func refuses(rate: Double) {
    #expect(FailureSchedule(rate: rate) == nil)
  }
}
