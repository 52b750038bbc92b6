import FairleadBalancing
import Testing

@Suite("A weighted split")
struct WeightedSplitTests {
  @Test("of 90 to 10 is nine and one in every ten consecutive calls")
  func ninetyTen() throws {
    let split = try #require(WeightedSplit(weights: [90, 10]))
    let calls = (0..<1_000).map { _ in split.next() }
    for start in 0...990 {
      #expect(calls[start..<start + 10].tally == [0: 9, 1: 1])
    }
  }

  @Test("of 10 to 10 takes turns")
  func turns() throws {
    let split = try #require(WeightedSplit(weights: [10, 10]))
    #expect((0..<6).map { _ in split.next() } == [0, 1, 0, 1, 0, 1])
  }

  @Test("spreads the calls of the heavy destination")
  func smooth() throws {
    let split = try #require(WeightedSplit(weights: [3, 1, 2]))
    #expect((0..<6).map { _ in split.next() } == [0, 2, 0, 1, 2, 0])
  }

  @Test("gives all to the only destination with a weight")
  func lone() throws {
    let split = try #require(WeightedSplit(weights: [0, 100]))
    #expect((0..<5).map { _ in split.next() } == [1, 1, 1, 1, 1])
    #expect(try #require(WeightedSplit(weights: [Int.max])).next() == 0)
  }

  @Test("needs a weight above 0 and none below", arguments: [[], [0], [0, 0], [1, -1], [-3]])
  func invalid(weights: [Int]) {
    #expect(WeightedSplit(weights: weights) == nil)
  }

  @Test("is as exact wherever it starts")
  func start() throws {
    for start: UInt64 in [1, 5, 9, 10, 12_345, .max] {
      let split = try #require(WeightedSplit(weights: [9, 1], startingAt: start))
      #expect((0..<10).map { _ in split.next() }.tally == [0: 9, 1: 1])
    }
  }

  @Test("keeps its shares when the same weights are set before every call")
  func resetWeights() throws {
    var split = try #require(WeightedSplit(weights: [9, 1]))
    var calls: [Int] = []
    for _ in 0..<100 {
      split = try #require(WeightedSplit(weights: [9, 1], replacing: split))
      calls.append(split.next())
    }
    for start in stride(from: 0, to: 100, by: 10) {
      #expect(calls[start..<start + 10].tally == [0: 9, 1: 1])
    }
  }

  @Test("obeys new weights from the next call on")
  func newWeights() throws {
    let split = try #require(WeightedSplit(weights: [90, 10]))
    for _ in 0..<5 { _ = split.next() }
    let moved = try #require(WeightedSplit(weights: [0, 100], replacing: split))
    #expect((0..<20).map { _ in moved.next() }.tally == [1: 20])
    let wider = try #require(WeightedSplit(weights: [1, 1, 1], replacing: moved))
    #expect((0..<9).map { _ in wider.next() }.tally == [0: 3, 1: 3, 2: 3])
    #expect(WeightedSplit(weights: [0, 0], replacing: split) == nil)
  }

  @Test("deals out the calls of many threads exactly")
  func threads() async throws {
    let split = try #require(WeightedSplit(weights: [7, 2, 1]))
    let counts = await withTaskGroup(of: [Int: Int].self) { group in
      for _ in 0..<4 {
        group.addTask { (0..<5_000).map { _ in split.next() }.tally }
      }
      return await group.reduce(into: [:]) { $0.merge($1, uniquingKeysWith: +) }
    }
    #expect(counts == [0: 14_000, 1: 4_000, 2: 2_000])
  }
}
