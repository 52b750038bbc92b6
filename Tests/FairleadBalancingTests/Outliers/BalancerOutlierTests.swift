import FairleadBalancing
import Testing

@Suite("A balancer with outlier detection")
struct BalancerOutlierTests {
  private static let detection = OutlierDetection(maxEjectionPercent: 100, consecutiveFailures: 3)

  private func ready(_ policyName: String, _ names: [String]) throws -> Stage {
    var stage = try Stage(policyName)
    stage.update(names.map { .named($0) })
    stage.wake()
    while !stage.attempts.isEmpty {
      stage.connectAll()
    }
    stage.setOutlierDetection(Self.detection)
    return stage
  }

  /// Three calls to the endpoint fail.
  private func fail(_ stage: inout Stage, _ name: String, now: Duration) throws {
    let id = try stage.id(name)
    for _ in 0..<3 {
      stage.balancer.load(of: id).callBegan()
      if stage.balancer.load(of: id).callEnded(status: 14) {
        stage.failedInARow(id, now: now)
      }
    }
  }

  static let spreading = PolicyRegistry.standard.names.filter { $0 != "pick_first" }

  @Test(
    "keeps calls from what is ejected, whatever the policy, until its time", arguments: spreading)
  func ejection(policyName: String) throws {
    var stage = try ready(policyName, ["a", "b", "c"])
    try fail(&stage, "b", now: .seconds(1))
    #expect(Set(stage.pickNames(200)) == ["a", "c"])
    #expect(stage.balancer.subchannels.map(\.isEjected) == [false, true, false])
    #expect(stage.state("b") == .ready, "its connection stays")
    stage.sweepOutliers(now: .seconds(30))
    #expect(Set(stage.pickNames(200)) == ["a", "c"])
    stage.sweepOutliers(now: .seconds(31))
    #expect(Set(stage.pickNames(200)) == ["a", "b", "c"])
  }

  @Test("gives calls to ejected endpoints if no other is ready", arguments: spreading)
  func panic(policyName: String) throws {
    var stage = try ready(policyName, ["a", "b"])
    try fail(&stage, "a", now: .seconds(1))
    stage.disconnected(try stage.id("b"))
    #expect(Set(stage.pickNames(50)) == ["a"])
    stage.connectAll()
    try fail(&stage, "b", now: .seconds(1))
    #expect(Set(stage.pickNames(200)) == ["a", "b"])
  }

  @Test("leaves pick_first the endpoint that it has")
  func first() throws {
    var stage = try ready("pick_first", ["a", "b"])
    try fail(&stage, "a", now: .seconds(1))
    #expect(Set(stage.pickNames(10)) == ["a"])
  }

  @Test("forgets an endpoint that leaves, and counts one that joins")
  func update() throws {
    var stage = try ready("round_robin", ["a", "b", "c"])
    try fail(&stage, "a", now: .seconds(1))
    stage.update(["b", "c", "d"].map { .named($0) })
    stage.connectAll()
    stage.update(["a", "b", "c", "d"].map { .named($0) })
    stage.connectAll()
    #expect(Set(stage.pickNames(8)) == ["a", "b", "c", "d"])
    try fail(&stage, "d", now: .seconds(2))
    #expect(Set(stage.pickNames(8)) == ["a", "b", "c"])
  }

  @Test("brings everything back when detection ends")
  func end() throws {
    var stage = try ready("round_robin", ["a", "b"])
    try fail(&stage, "a", now: .seconds(1))
    stage.setOutlierDetection(nil)
    #expect(Set(stage.pickNames(4)) == ["a", "b"])
    try fail(&stage, "a", now: .seconds(2))
    #expect(Set(stage.pickNames(4)) == ["a", "b"])
    #expect(stage.balancer.outlierDetection == nil)
  }

  @Test("tells who was ejected, who was spared and why, and who is back (gRFC A91)")
  func verdicts() throws {
    var stage = try ready("round_robin", ["a", "b", "c"])
    stage.setOutlierDetection(
      OutlierDetection(maxEjectionPercent: 40, consecutiveFailures: 3))
    let (a, b) = (try stage.id("a"), try stage.id("b"))
    try fail(&stage, "a", now: .seconds(1))
    #expect(stage.events == [.outlier(a, .ejected(.consecutiveFailures))])
    try fail(&stage, "b", now: .seconds(2))
    #expect(
      stage.events.last == .outlier(b, .spared(.consecutiveFailures, .maxEjectionOverflow)))
    try fail(&stage, "b", now: .seconds(3))
    #expect(stage.events.count == 2, "once between two sweeps")
    stage.sweepOutliers(now: .seconds(10))
    try fail(&stage, "b", now: .seconds(11))
    #expect(stage.events.count == 3)
    stage.sweepOutliers(now: .seconds(31))
    #expect(stage.events.last == .outlier(a, .returned))
    #expect(stage.events.count == 4)
  }

  @Test("tells of those that come back as the set has become too small for them")
  func surplus() throws {
    var stage = try ready("round_robin", ["a", "b", "c", "d"])
    stage.setOutlierDetection(
      OutlierDetection(maxEjectionPercent: 50, consecutiveFailures: 3))
    let a = try stage.id("a")
    try fail(&stage, "a", now: .seconds(1))
    try fail(&stage, "b", now: .seconds(2))
    stage.update([.named("a"), .named("b"), .named("c")])
    #expect(stage.events.last == .outlier(a, .returned))
  }

  @Test("tells of an outlier that chance spared")
  func chance() throws {
    var stage = try ready("round_robin", ["a", "b"])
    stage.setOutlierDetection(
      OutlierDetection(
        maxEjectionPercent: 100,
        failurePercentage: .init(enforcementPercent: 0, minimumEndpoints: 1, minimumCalls: 1)))
    let load = stage.balancer.load(of: try stage.id("a"))
    load.callBegan()
    _ = load.callEnded(status: 14)
    stage.sweepOutliers(now: .seconds(10))
    #expect(
      stage.events
        == [.outlier(try stage.id("a"), .spared(.failurePercentage, .enforcementPercentage))])
  }
}
