import Testing

@testable import FairleadLoad

@Suite("Round numbers")
struct RoundNumbersTests {
  @Test("They count from a nanosecond, forty in a decade")
  func values() {
    #expect(RoundNumbers.value(at: -1) == 0)
    #expect(RoundNumbers.value(at: 0) == 1e-9)
    #expect(RoundNumbers.value(at: 40) == 1e-8)
    #expect(RoundNumbers.value(at: 240) == 1e-3)
    #expect(RoundNumbers.value(at: 252) == 2e-3)
    #expect(RoundNumbers.value(at: 360) == 1)
    #expect(RoundNumbers.value(at: 440) == 100)
  }

  @Test("Each is greater than the one before, by 5 to 8 %")
  func steps() {
    for index in 0..<500 {
      let ratio = RoundNumbers.value(at: index + 1) / RoundNumbers.value(at: index)
      #expect((1.05...1.08).contains(ratio), "after \(RoundNumbers.value(at: index))")
    }
  }

  @Test("The index is that of the least number that is not below")
  func index() {
    for index in 0..<500 {
      let value = RoundNumbers.value(at: index)
      #expect(RoundNumbers.index(atLeast: value) == index)
      #expect(RoundNumbers.index(atLeast: value * 1.0001) == index + 1)
      #expect(RoundNumbers.index(atLeast: value * 0.9999) == index)
    }
    #expect(RoundNumbers.index(atLeast: 0) == 0)
    #expect(RoundNumbers.index(atLeast: -1) == 0)
  }
}
