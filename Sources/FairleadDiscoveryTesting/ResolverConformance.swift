import FairleadBalancing
import FairleadDiscovery
import Synchronization

/// What every resolver has to keep, whatever its source: run it in the tests of yours.
///
/// ```swift
/// try await ResolverConformance(fixture).run()
/// ```
public struct ResolverConformance: Sendable {
  let fixture: ResolverFixture
  let patience: Duration

  var resolver: Resolver { fixture.resolver }

  /// - Parameter patience: how long one step may take.
  public init(_ fixture: ResolverFixture, patience: Duration = .seconds(20)) {
    self.fixture = fixture
    self.patience = patience
  }

  /// Goes through all of it.
  ///
  /// - Throws: ``ConformanceFailure``, or what the fixture threw.
  public func run() async throws {
    try await whileRunning {
      try await tellsEveryReaderTheWhole()
      try await dropsEqualResolutions()
      try await survivesOutage()
      try await followsChange()
      try await tellsEmptiness()
    }
    try await runsAgain()
  }

  /// Each reader gets all endpoints first, one that comes late as well; one that leaves takes
  /// nothing from the others.
  private func tellsEveryReaderTheWhole() async throws {
    let first = try await next("the first resolution") { $0.answeredAt != nil }
    try expect(addresses(first) == fixture.initial, "The first resolution is whole: \(first)")
    try expect(first.failure == nil, "The first resolution has no failure: \(first)")
    let late = try await next("a late reader's first resolution") { _ in true }
    try expect(late.endpoints == first.endpoints, "A late reader gets the latest.")
    try expect(
      await abandonedReaderEnds(), "A reader whose task is cancelled comes to the sequence's end.")
    let current = resolver.current
    try expect(current?.endpoints == first.endpoints, "`current` is what readers are told.")
  }

  private func abandonedReaderEnds() async -> Bool {
    await withTaskGroup(of: Bool.self) { group in
      group.addTask {
        var reader = resolver.makeAsyncIterator()
        while await reader.next() != nil {}
        return true
      }
      group.cancelAll()
      return await group.next() ?? false
    }
  }

  /// However often it is asked, a source that has nothing new leads to no resolution.
  private func dropsEqualResolutions() async throws {
    let before = try await next("a resolution") { $0.failure == nil }
    for _ in 0..<100 { resolver.resolveNow() }
    let count = Mutex(0)
    let extra = await first(within: .milliseconds(300)) { _ in
      count.withLock { count in
        count += 1
        return count > 1
      }
    }
    try expect(extra == nil, "Nothing new is told after \(before): \(String(describing: extra))")
  }

  /// An outage is no answer: the last good endpoints stay, with the failure beside them.
  private func survivesOutage() async throws {
    guard let breakDown = fixture.breakDown, let repair = fixture.repair else { return }
    try await breakDown()
    let during = try await next("the failure of a broken source") { $0.failure != nil }
    try expect(addresses(during) == fixture.initial, "Endpoints outlive an outage: \(during)")
    try expect(during.answeredAt != nil, "The time of the last good answer outlives an outage.")
    try await repair()
    let after = try await next("the repaired source's answer") { $0.failure == nil }
    try expect(addresses(after) == fixture.initial, "A repaired source answers as before: \(after)")
  }

  private func followsChange() async throws {
    guard let change = fixture.change else { return }
    let expected = try await change()
    _ = try await next("all changed endpoints, \(expected),") { addresses($0) == expected }
  }

  private func tellsEmptiness() async throws {
    guard let empty = fixture.empty else { return }
    try await empty()
    let resolution = try await next("an empty resolution") { $0.endpoints.isEmpty }
    try expect(resolution.answeredAt != nil, "Emptiness is an answer.")
  }

  /// After its run was cancelled it can be run again, and has not forgotten what it knew.
  private func runsAgain() async throws {
    let known = resolver.current
    try await whileRunning {
      let again = try await next("a resolution of the second run") { _ in true }
      try expect(again.endpoints == known?.endpoints, "The last good endpoints outlive a run.")
    }
  }
}
