import FairleadBalancing
import Testing

@Suite("The random source")
struct RandomSourceTests {
  @Test("says the same for the same seed")
  func seeded() {
    let (first, second, other) = (
      RandomSource(seed: 4), RandomSource(seed: 4), RandomSource(seed: 5)
    )
    let words = (0..<8).map { _ in first.next() }
    #expect(words == (0..<8).map { _ in second.next() })
    #expect(words != (0..<8).map { _ in other.next() })
  }

  @Test("stays within its bounds and fills them evenly")
  func bounds() {
    let random = RandomSource(seed: 6)
    let counts = (0..<10_000).map { _ in random.next(below: 10) }.tally
    #expect(counts.count == 10 && counts.values.allSatisfy { abs($0 - 1_000) < 120 })
    #expect((0..<100).allSatisfy { _ in random.next(below: 1) == 0 })
    let units = (0..<10_000).map { _ in random.nextUnit() }
    #expect(units.allSatisfy { $0 >= 0 && $0 < 1 })
    #expect(abs(units.reduce(0, +) / 10_000 - 0.5) < 0.02)
  }
}
