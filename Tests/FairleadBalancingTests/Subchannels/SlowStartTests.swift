import FairleadBalancing
import Testing

@Suite("Slow start")
struct SlowStartTests {
  private static let names = PolicyRegistry.standard.names.filter {
    !["pick_first", "random"].contains($0)
  }

  /// Two endpoints that have their share, and a new one, ready at 100 s.
  private func stage(_ policyName: String, _ slowStart: SlowStart) throws -> Stage {
    var stage = try Stage(policyName)
    stage.update([.named("a"), .named("b")])
    stage.wake()
    stage.connectAll()
    stage.setSlowStart(slowStart)
    stage.refresh(now: .seconds(100))
    stage.update([.named("a"), .named("b"), .named("new")])
    stage.connectAll()
    return stage
  }

  /// A window of 10 s: 10 % at first, then as much of the window as has passed.
  @Test(
    "raises a new endpoint's share along a line",
    arguments: ["round_robin", "weighted_round_robin"])
  func line(policyName: String) throws {
    var stage = try stage(policyName, SlowStart(window: .seconds(10)))
    for (now, share) in [(0.0, 10), (0.5, 10), (5, 50), (9, 90), (10, 100), (50, 100)] {
      stage.refresh(now: .seconds(100 + now))
      let counts = stage.pickNames(200 + share).tally
      #expect(counts == ["a": 100, "b": 100, "new": share], "after \(now) s")
    }
  }

  /// 0.25 to the power of 1/2 is 0.5.
  @Test("rises faster at first if it is aggressive, and begins at the minimum")
  func aggression() throws {
    var stage = try stage(
      "round_robin", SlowStart(window: .seconds(100), aggression: 2, minimumPercent: 35))
    #expect(stage.pickNames(235).tally["new"] == 35)
    stage.refresh(now: .seconds(125))
    #expect(stage.pickNames(250).tally["new"] == 50)
  }

  @Test("holds for every policy that weighs endpoints", arguments: names)
  func everyPolicy(policyName: String) throws {
    var stage = try stage(policyName, SlowStart(window: .seconds(10)))
    let early = stage.pickNames(3_000).tally["new", default: 0]
    #expect((1..<400).contains(early), "\(early)")
    stage.refresh(now: .seconds(110))
    let late = stage.pickNames(3_000).tally["new", default: 0]
    #expect((800..<1_200).contains(late), "\(late)")
  }

  @Test("begins again after failures, not after a connection that is replaced")
  func again() throws {
    var stage = try stage("round_robin", SlowStart(window: .seconds(10)))
    stage.refresh(now: .seconds(200))
    let id = try stage.id("new")
    stage.disconnected(id)
    stage.connected(id)
    #expect(stage.pickNames(300).tally["new"] == 100)
    try stage.call("new")
    stage.disconnected(id)
    stage.connectFailed(id, "refused")
    stage.retryElapsed(id)
    stage.connected(id)
    #expect(stage.pickNames(210).tally["new"] == 10)
  }

  @Test("is fair when all are new, and ends when it is turned off")
  func all() throws {
    var stage = try stage("round_robin", SlowStart(window: .seconds(10)))
    stage.setSlowStart(nil)
    #expect(stage.pickNames(300).tally == ["a": 100, "b": 100, "new": 100])
    #expect(stage.balancer.refreshPeriod == nil)
    stage.update([.named("x"), .named("y")])
    stage.connectAll()
    stage.setSlowStart(SlowStart(window: .seconds(10)))
    #expect(stage.pickNames(10).tally == ["x": 5, "y": 5])
    #expect(stage.balancer.refreshPeriod == .milliseconds(500))
  }
}
