import Testing

@testable import FairleadBalancing

@Suite("The interleave")
struct InterleaveTests {
  /// Many weight vectors, the same in each run.
  static let vectors: [[Int]] = {
    let random = RandomSource(seed: 7)
    return (0..<200).map { _ in
      (0...random.next(below: 9)).map { _ in
        random.next(below: [3, 12, 101][random.next(below: 3)])
      }
    }.filter { $0.contains { $0 > 0 } }
  }()

  @Test("has exactly each share in every window of one period")
  func windows() throws {
    for weights in Self.vectors {
      let interleave = try #require(Interleave(weights: weights))
      let period = interleave.period
      var counts = Array(repeating: 0, count: weights.count)
      for slot in interleave.slots {
        counts[Int(slot)] += 1
      }
      #expect(counts == interleave.shares, "\(weights)")
      let sum = weights.reduce(0, +)
      #expect(zip(weights, counts).allSatisfy { $0 * period == $1 * sum }, "\(weights)")
    }
  }

  @Test("is never a whole call away from an exact share, wherever it is cut")
  func prefixes() throws {
    for weights in Self.vectors {
      let interleave = try #require(Interleave(weights: weights))
      var counts = Array(repeating: 0, count: weights.count)
      for (used, slot) in interleave.slots.enumerated() {
        counts[Int(slot)] += 1
        for (count, share) in zip(counts, interleave.shares) {
          // |count - (used + 1) * share / period| < 1, in whole numbers.
          let distance = count * interleave.period - (used + 1) * share
          if abs(distance) >= interleave.period {
            Issue.record("\(weights) at \(used)")
          }
        }
      }
    }
  }

  @Test("stays that close to exact shares while weights change again and again")
  func changes() throws {
    let random = RandomSource(seed: 11)
    var weights = [1, 1, 1]
    var lags: [Double]?
    var owed = [0.0, 0.0, 0.0]
    for _ in 0..<500 {
      let interleave = try #require(Interleave(weights: weights, lags: lags))
      let calls = random.next(below: 12)
      for used in 0..<calls {
        for choice in weights.indices {
          owed[choice] += Double(weights[choice]) / Double(weights.reduce(0, +))
        }
        owed[Int(interleave.slots[used % interleave.period])] -= 1
        if owed.contains(where: { abs($0) >= 1 + 1e-6 }) {
          Issue.record("\(weights): \(owed)")
        }
      }
      lags = interleave.lags(at: UInt(calls))
      weights = weights.map { _ in 1 + random.next(below: 20) }
    }
  }

  @Test("goes on in rotation when the same choices are interleaved anew after each call")
  func rotation() throws {
    var lags: [Double]?
    var order: [Int32] = []
    for _ in 0..<12 {
      let interleave = try #require(Interleave(weights: [1, 1, 1], lags: lags))
      order.append(interleave.slots[0])
      lags = interleave.lags(at: 1)
    }
    #expect(order == [0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2])
  }

  @Test("has whole and exact shares whatever lags it is given")
  func wildLags() throws {
    let random = RandomSource(seed: 13)
    for weights in Self.vectors {
      let lags = weights.map { _ in 20 * random.nextUnit() - 10 }
      let interleave = try #require(Interleave(weights: weights, lags: lags))
      let counts = interleave.slots.map(Int.init).tally
      #expect(weights.indices.allSatisfy { counts[$0, default: 0] == interleave.shares[$0] })
    }
  }

  @Test("scales a sum that is too large, and keeps shares close and nobody out")
  func scaling() throws {
    let vectors = [
      [1_000_000, 1], [33_333, 66_667], [Int.max, Int.max - 1, 1], [Int.max, 0, Int.max / 3],
      [100_003, 50_021, 7],
    ]
    for weights in vectors {
      let interleave = try #require(Interleave(weights: weights))
      #expect(interleave.period <= 16_384 + weights.count)
      let sum = weights.reduce(0.0) { $0 + Double($1) }
      for (weight, share) in zip(weights, interleave.shares) {
        let exact = Double(weight) / sum
        let bound = (1 + Double(weights.count) * exact) / 16_384
        #expect(abs(Double(share) / Double(interleave.period) - exact) < bound)
        #expect((weight == 0) == (share == 0))
      }
    }
  }

  @Test("has room for more choices than its limit")
  func manyChoices() throws {
    let weights = (0..<3_000).map { 1 + $0 % 11 }
    let interleave = try #require(Interleave(weights: weights, limit: 100))
    #expect(interleave.shares == weights)
    #expect(interleave.period == weights.reduce(0, +))
  }

  @Test("is exact for a sum at the limit and scaled just above it")
  func limit() throws {
    #expect(try #require(Interleave(weights: [99, 1], limit: 100)).shares == [99, 1])
    let scaled = try #require(Interleave(weights: [200, 1], limit: 100))
    #expect(scaled.shares == [100, 1])
  }
}
