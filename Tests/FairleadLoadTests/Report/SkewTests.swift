import FairleadBalancing
import Foundation
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

  @Test(
    "What dice do exceeds the limit in fewer than one of some hundred runs",
    arguments: [2, 3, 5, 10])
  func limit(backends: Int) throws {
    let random = RandomSource(seed: 1)
    let runs = 4000
    var exceeding = 0
    for _ in 0..<runs {
      var counts = Array(repeating: 0, count: backends)
      for _ in 0..<100 { counts[random.next(below: backends)] += 1 }
      let skew = try #require(Skew(calls: counts, backends: backends))
      let limit = Skew.limitOfChance(backends: backends, dealt: 100)
      if skew.coefficientOfVariation > limit { exceeding += 1 }
    }
    // About 5 are expected; three standard deviations of chi-squared would be exceeded by 40 and more.
    #expect(exceeding <= runs / 300, "\(exceeding) of \(runs)")
  }

  @Test(
    "The limit is exceeded by chance less than once in 700 times, and more than once in 1000",
    arguments: [3, 5, 7, 11])
  func probability(backends: Int) {
    // Chi-squared with an even number of degrees of freedom: P(> x) is that of fewer than half of them in a Poisson of x / 2.
    let limit = Skew.limitOfChance(backends: backends, dealt: 1)
    let half = limit * limit / 2
    var (sum, term) = (0.0, exp(-half))
    for index in 0..<(backends - 1) / 2 {
      sum += term
      term *= half / Double(index + 1)
    }
    #expect(sum < 1 / 700.0 && sum > 1 / 1000.0, "\(sum)")
  }

  @Test("What dice never do is beyond the limit; one backend has none")
  func beyond() throws {
    let split = try #require(Skew(calls: [90, 10], backends: 2))
    #expect(split.coefficientOfVariation > Skew.limitOfChance(backends: 2, dealt: 100))
    #expect(Skew.limitOfChance(backends: 1, dealt: 100) == 0)
  }
}
