import FairleadBalancing
import Testing

@Suite("Least request")
struct LeastRequestTests {
  static let names = ["least_request", "least_request_full_scan"]

  private func ready(_ policyName: String, _ endpoints: [Endpoint]) throws -> Stage {
    var stage = try Stage(policyName)
    stage.update(endpoints)
    stage.wake()
    stage.connectAll()
    return stage
  }

  /// Begins a call and leaves it running.
  private func hold(_ stage: Stage) throws -> String {
    guard case .subchannel(let id) = stage.pick() else { throw NoEndpoint() }
    stage.balancer.load(of: id).callBegan()
    return try #require(stage.balancer.endpoint(of: id)?.name)
  }

  @Test("keeps the calls that run level", arguments: names)
  func level(policyName: String) throws {
    let stage = try ready(policyName, (0..<10).map { .named("e\($0)") })
    for _ in 0..<1_000 { _ = try hold(stage) }
    let active = stage.balancer.subchannels.map(\.active)
    // Two choices keep the busiest within a few calls of the mean; a full scan exactly level.
    let limit = policyName == "least_request" ? 4 : 0
    #expect(active.allSatisfy { abs($0 - 100) <= limit }, "\(active)")
  }

  @Test("keeps the calls that run at the ratio of the weights", arguments: names)
  func weighted(policyName: String) throws {
    let stage = try ready(
      policyName, [.named("a", weight: 1), .named("b", weight: 3), .named("c", weight: 6)])
    for _ in 0..<1_000 { _ = try hold(stage) }
    let active = stage.balancer.subchannels.map(\.active)
    let limit = policyName == "least_request" ? 12 : 1
    #expect(zip(active, [100, 300, 600]).allSatisfy { abs($0 - $1) <= limit }, "\(active)")
  }

  @Test("gives a busy endpoint no call while others are idle, if it looks at all")
  func fullScan() throws {
    let stage = try ready("least_request_full_scan", ["a", "b", "c"].map { .named($0) })
    stage.balancer.load(of: try stage.id("b")).callBegan()
    let calls = stage.pickNames(10)
    #expect(calls.tally == ["a": 5, "c": 5])
    #expect(zip(calls, calls.dropFirst()).allSatisfy { $0 != $1 })
  }

  @Test("gives a busy endpoint a call only if chance draws nothing else")
  func twoChoices() throws {
    let stage = try ready("least_request", ["a", "b", "c"].map { .named($0) })
    stage.balancer.load(of: try stage.id("b")).callBegan()
    #expect(stage.pickNames(1_000).tally["b"] == nil)
    let two = try ready("least_request", ["a", "b"].map { .named($0) })
    two.balancer.load(of: try two.id("a")).callBegan()
    #expect(two.pickNames(100).tally == ["b": 100])
  }

  @Test("avoids an endpoint even if it has the fewest calls", arguments: names)
  func avoidsLightest(policyName: String) throws {
    let stage = try ready(policyName, ["a", "b", "c"].map { .named($0) })
    for name in ["a", "c"] {
      stage.balancer.load(of: try stage.id(name)).callBegan()
    }
    let lightest = try stage.id("b")
    let calls = (0..<100).map { _ in stage.pickName(avoiding: lightest) }.tally
    #expect(calls["b"] == nil)
    #expect(calls.count == 2)
  }

  @Test("sends fewer calls to a slow endpoint", arguments: names)
  func slowNode(policyName: String) throws {
    let stage = try ready(policyName, ["slow", "b", "c"].map { .named($0) })
    var running: [(name: String, until: Int)] = []
    var counts: [String: Int] = [:]
    for now in 0..<3_000 {
      for call in running where call.until == now {
        stage.balancer.load(of: try stage.id(call.name)).callEnded()
      }
      running.removeAll { $0.until == now }
      let name = try hold(stage)
      counts[name, default: 0] += 1
      running.append((name, now + (name == "slow" ? 100 : 5)))
    }
    let most = policyName == "least_request" ? 300 : 150
    #expect(counts["slow", default: 0] < most, "\(counts)")
  }
}
