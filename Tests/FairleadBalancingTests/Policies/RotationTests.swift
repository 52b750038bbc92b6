import FairleadBalancing
import Testing

@Suite("Round robin")
struct RotationTests {
  private func ready(
    _ policyName: String, _ endpoints: [Endpoint], seed: UInt64 = 1
  ) throws -> Stage {
    var stage = try Stage(policyName, seed: seed)
    stage.update(endpoints)
    stage.wake()
    stage.connectAll()
    return stage
  }

  @Test("takes the endpoints in the order of their set")
  func order() throws {
    let stage = try ready("round_robin", ["a", "b", "c"].map { .named($0) })
    let calls = stage.pickNames(7).joined()
    #expect("abcabcabcabc".contains(calls))
  }

  @Test("does not begin with the same endpoint in every proxy")
  func start() throws {
    let firsts = try (UInt64(1)...30).map { seed in
      try ready("round_robin", ["a", "b", "c"].map { .named($0) }, seed: seed).pickName()
    }
    #expect(Set(firsts) == ["a", "b", "c"])
  }

  @Test("goes on in turn, and takes a new endpoint after those that waited longer")
  func joins() throws {
    var stage = try ready("round_robin", ["a", "b", "c"].map { .named($0) })
    while stage.pickName() != "a" {}
    stage.update(["d", "a", "b", "c"].map { .named($0) })
    stage.connectAll()
    #expect(stage.pickNames(8) == ["b", "c", "d", "a", "b", "c", "d", "a"])
  }

  @Test("goes on in turn when an endpoint leaves")
  func leaves() throws {
    var stage = try ready("round_robin", ["a", "b", "c", "d"].map { .named($0) })
    while stage.pickName() != "b" {}
    stage.update(["a", "b", "d"].map { .named($0) })
    #expect(stage.pickNames(6) == ["d", "a", "b", "d", "a", "b"])
  }

  @Test("takes no notice of weights, weighted round robin does, evenly spread")
  func weights() throws {
    let endpoints: [Endpoint] = [.named("a", weight: 3), .named("b"), .named("c", weight: 2)]
    #expect(try ready("round_robin", endpoints).pickNames(6).tally == ["a": 2, "b": 2, "c": 2])
    let calls = try ready("weighted_round_robin", endpoints).pickNames(60)
    for start in 0...54 {
      #expect(calls[start..<start + 6].tally == ["a": 3, "b": 1, "c": 2])
    }
  }

  @Test("obeys a new weight without favouring anyone for the change")
  func newWeights() throws {
    var stage = try ready("weighted_round_robin", [.named("a", weight: 9), .named("b")])
    var counts: [String: Int] = [:]
    for round in 0..<1_000 {
      // The same weights in other numbers: a new picker each time.
      stage.update([.named("a", weight: 9 * (1 + round % 3)), .named("b", weight: 1 + round % 3)])
      counts[try #require(stage.pickName()), default: 0] += 1
    }
    #expect(counts == ["a": 900, "b": 100])
  }

  @Test("gives the calls that avoid an endpoint to all others alike")
  func avoids() throws {
    let stage = try ready("round_robin", ["a", "b", "c"].map { .named($0) })
    let id = try stage.id("a")
    let calls = (0..<10).map { _ in stage.pickName(avoiding: id) }
    #expect(calls.tally == ["b": 5, "c": 5])
  }
}
