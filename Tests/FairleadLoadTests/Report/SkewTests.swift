import Testing

@testable import FairleadLoad

@Suite("Skew")
struct SkewTests {
  @Test("Equal counts have none")
  func equal() throws {
    let skew = try #require(Skew(calls: [5, 5, 5], backends: 3))
    #expect(skew.maxOverMean == 1 && skew.coefficientOfVariation == 0)
  }

  @Test("All on one of three")
  func pinned() throws {
    // Mean 3; squares 36 + 9 + 9 = 54, over 3 18; √18 / 3 = √2.
    let skew = try #require(Skew(calls: [9, 0, 0], backends: 3))
    #expect(skew.maxOverMean == 3)
    #expect(abs(skew.coefficientOfVariation - 2.0.squareRoot()) < 1e-12)
  }

  @Test("Backends that never answered count")
  func silent() {
    #expect(Skew(calls: [9], backends: 3) == Skew(calls: [9, 0, 0], backends: 3))
    #expect(Skew(calls: [1, 2], backends: 1) == Skew(calls: [1, 2], backends: 2))
  }

  @Test("Without calls there is none")
  func nothing() {
    #expect(Skew(calls: [], backends: 3) == nil)
    #expect(Skew(calls: [0, 0], backends: 2) == nil)
  }

  @Test("Chance: the mean over all ways to deal two calls to two backends")
  func chance() {
    // Of four ways two put both on one (squared coefficient 1), two spread them (0): mean square 1/2.
    #expect(abs(Skew.byChance(backends: 2, dealt: 2) - 0.5.squareRoot()) < 1e-12)
    #expect(Skew(calls: [2, 0], backends: 2)?.coefficientOfVariationByChance == 0.5.squareRoot())
  }

  @Test("What dice do is within the limit of chance, and what they never do is not")
  func limit() throws {
    var state: UInt64 = 1
    for _ in 0..<200 {
      var counts = [0, 0, 0]
      for _ in 0..<300 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        counts[Int((state >> 33) % 3)] += 1
      }
      let skew = try #require(Skew(calls: counts, backends: 3))
      // Chi-squared of 2 degrees exceeds 8 once in 55; half as much again, once in 400.
      #expect(
        skew.coefficientOfVariation <= 1.5 * Skew.limitOfChance(backends: 3, dealt: 300),
        "\(counts)")
    }
    let split = try #require(Skew(calls: [90, 10], backends: 2))
    #expect(split.coefficientOfVariation > Skew.limitOfChance(backends: 2, dealt: 100))
  }
}
