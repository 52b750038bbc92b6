import FairleadBalancing
import Testing

@Suite("Peak EWMA")
struct PeakEWMATests {
  private func ready(_ endpoints: [Endpoint], decay: Duration = .seconds(10)) -> Stage {
    var stage = Stage(PeakEWMAPolicy(decay: decay))
    stage.update(endpoints)
    stage.wake()
    stage.connectAll()
    return stage
  }

  private func load(_ stage: Stage, _ name: String) throws -> EndpointLoad {
    stage.balancer.load(of: try stage.id(name))
  }

  private func tally(_ stage: Stage, now: Duration, count: Int = 200) -> [String: Int] {
    (0..<count).compactMap { _ -> String? in
      guard case .subchannel(let id) = stage.balancer.picker.pick(PickRequest(now: now)) else {
        return nil
      }
      return stage.balancer.endpoint(of: id)?.name
    }.tally
  }

  @Test("follows a peak at once, and decays to 1/e of the way in the time set")
  func estimate() throws {
    let load = EndpointLoad()
    #expect(load.peakLatency == nil)
    load.recordLatency(.milliseconds(100), now: .seconds(1))
    load.recordLatency(.milliseconds(300), now: .seconds(1))
    #expect(load.peakLatency == .milliseconds(300))
    // After one decay of 10 s: 300/e + 100 (1 - 1/e) = 173.58 ms.
    load.recordLatency(.milliseconds(100), now: .seconds(11))
    let seconds = try #require(load.peakLatency) / Duration.seconds(1)
    #expect(abs(seconds - 0.173_576) < 1e-6)
    // No time, no decay.
    load.recordLatency(.zero, now: .seconds(11))
    #expect(abs(try #require(load.peakLatency) / Duration.seconds(1) - seconds) < 1e-9)
    // A clock that goes back counts as no time, too.
    load.recordLatency(.zero, now: .seconds(5))
    #expect(abs(try #require(load.peakLatency) / Duration.seconds(1) - seconds) < 1e-9)
  }

  @Test("prefers latency times calls: four quick calls to one slow one")
  func product() throws {
    let stage = ready(["quick", "slow"].map { .named($0) })
    try load(stage, "quick").recordLatency(.milliseconds(10), now: .zero)
    try load(stage, "slow").recordLatency(.milliseconds(45), now: .zero)
    // 10 (n + 1) against 45: even 4 active calls make 50 and lose.
    for active in 0...4 {
      let expected = active < 4 ? "quick" : "slow"
      #expect(tally(stage, now: .zero) == [expected: 200])
      try load(stage, "quick").callBegan()
    }
  }

  @Test("tries a slow endpoint again after some time")
  func fading() throws {
    let stage = ready(["quick", "slow"].map { .named($0) })
    try load(stage, "slow").recordLatency(.seconds(1), now: .zero)
    try load(stage, "quick").recordLatency(.milliseconds(100), now: .seconds(20))
    #expect(tally(stage, now: .seconds(20)) == ["quick": 200])
    try load(stage, "quick").recordLatency(.milliseconds(100), now: .seconds(30))
    // 1 s has become 1/e^3 = 50 ms.
    #expect(tally(stage, now: .seconds(30)) == ["slow": 200])
  }

  @Test("gives a new endpoint one call, and no more before its answer")
  func unknown() throws {
    let stage = ready(["known", "new"].map { .named($0) })
    try load(stage, "known").recordLatency(.milliseconds(10), now: .zero)
    #expect(tally(stage, now: .zero) == ["new": 200])
    try load(stage, "new").callBegan()
    #expect(tally(stage, now: .zero) == ["known": 200])
    try load(stage, "new").callEnded()
    try load(stage, "new").recordLatency(.milliseconds(5), now: .zero)
    #expect(tally(stage, now: .zero) == ["new": 200])
  }

  /// Five endpoints, one ten times slower; a call each millisecond.
  @Test("gives one slow endpoint of five a third of its equal share at most")
  func slowNode() throws {
    let stage = ready((0..<5).map { .named("e\($0)") })
    var running: [(name: String, began: Int, until: Int)] = []
    var counts: [String: Int] = [:]
    for now in 0..<6_000 {
      for call in running where call.until == now {
        try load(stage, call.name).callEnded()
        try load(stage, call.name).recordLatency(
          .milliseconds(now - call.began), now: .milliseconds(now))
      }
      running.removeAll { $0.until == now }
      let request = PickRequest(now: .milliseconds(now))
      guard case .subchannel(let id) = stage.balancer.picker.pick(request) else { continue }
      let name = try #require(stage.balancer.endpoint(of: id)?.name)
      try load(stage, name).callBegan()
      counts[name, default: 0] += 1
      running.append((name, now, now + (name == "e0" ? 50 : 5)))
    }
    #expect(counts["e0", default: 0] < 6_000 / 5 / 3, "\(counts)")
    #expect(counts["e0", default: 0] > 0)
  }
}
