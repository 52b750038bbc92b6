import FairleadBalancing
import Testing

@Suite("Weighted round robin by reported load")
struct ReportedWeightTests {
  private func ready(
    _ endpoints: [Endpoint], policy: WeightedRoundRobinPolicy = WeightedRoundRobinPolicy()
  ) -> Stage {
    var stage = Stage(policy)
    stage.update(endpoints)
    stage.wake()
    stage.connectAll()
    return stage
  }

  private func report(
    _ stage: Stage, _ name: String, qps: Double, eps: Double = 0, utilization: Double, at now: Int
  ) throws {
    stage.balancer.load(of: try stage.id(name)).record(
      LoadReport(requestsPerSecond: qps, errorsPerSecond: eps, cpuUtilization: utilization),
      now: .seconds(now))
  }

  private let three: [Endpoint] = [.named("a"), .named("b"), .named("c")]

  @Test("has gRFC A58's defaults")
  func defaults() {
    let policy = WeightedRoundRobinPolicy()
    #expect(policy.blackoutPeriod == .seconds(10) && policy.expirationPeriod == .seconds(180))
    #expect(policy.updatePeriod == .seconds(1) && policy.errorPenalty == 1)
    #expect(policy.outOfBandPeriod == nil)
    #expect(WeightedRoundRobinPolicy(updatePeriod: .zero).refreshPeriod == .milliseconds(100))
  }

  /// 100/0.5 = 200, 100/1 = 100 and, with 20 errors in 100 calls, 100/(0.8 + 0.2) = 100.
  @Test("deals calls by requests for each unit of utilization, errors counted in")
  func formula() throws {
    var stage = ready(three)
    for now in [1, 11] {
      try report(stage, "a", qps: 100, utilization: 0.5, at: now)
      try report(stage, "b", qps: 100, utilization: 1, at: now)
      try report(stage, "c", qps: 100, eps: 20, utilization: 0.8, at: now)
    }
    stage.refresh(now: .seconds(11))
    #expect(stage.pickNames(400).tally == ["a": 200, "b": 100, "c": 100])
  }

  @Test("prefers the application's own utilization")
  func application() throws {
    var stage = ready([.named("a"), .named("b")])
    for (name, utilization) in [("a", 0.25), ("b", 0.75)] {
      let load = stage.balancer.load(of: try stage.id(name))
      let report = LoadReport(
        requestsPerSecond: 10, applicationUtilization: utilization, cpuUtilization: 0.9)
      load.record(report, now: .zero)
      load.record(report, now: .seconds(10))
    }
    stage.refresh(now: .seconds(10))
    #expect(stage.pickNames(400).tally == ["a": 300, "b": 100])
  }

  @Test("takes the source's weights before the blackout is over and after reports expired")
  func periods() throws {
    var stage = ready([.named("a", weight: 3), .named("b", weight: 1)])
    func reportBoth(_ now: Int) throws {
      try report(stage, "a", qps: 10, utilization: 0.5, at: now)
      try report(stage, "b", qps: 10, utilization: 0.5, at: now)
    }
    try reportBoth(5)
    try reportBoth(14)
    stage.refresh(now: .seconds(14))
    #expect(stage.pickNames(40).tally == ["a": 30, "b": 10])
    stage.refresh(now: .seconds(15))
    #expect(stage.pickNames(40).tally == ["a": 20, "b": 20])
    stage.refresh(now: .seconds(14 + 179))
    #expect(stage.pickNames(40).tally == ["a": 20, "b": 20])
    stage.refresh(now: .seconds(14 + 180))
    #expect(stage.pickNames(40).tally == ["a": 30, "b": 10])
    // After that, the blackout begins again.
    try reportBoth(200)
    stage.refresh(now: .seconds(209))
    #expect(stage.pickNames(40).tally == ["a": 30, "b": 10])
    try reportBoth(209)
    stage.refresh(now: .seconds(210))
    #expect(stage.pickNames(40).tally == ["a": 20, "b": 20])
  }

  @Test("gives an endpoint that says nothing the mean, and a lone reporter no weight")
  func unknown() throws {
    var stage = ready(three, policy: WeightedRoundRobinPolicy(blackoutPeriod: .zero))
    try report(stage, "a", qps: 300, utilization: 1, at: 1)
    stage.refresh(now: .seconds(1))
    #expect(stage.pickNames(30).tally == ["a": 10, "b": 10, "c": 10])
    try report(stage, "b", qps: 100, utilization: 1, at: 1)
    stage.refresh(now: .seconds(2))
    #expect(stage.pickNames(60).tally == ["a": 30, "b": 10, "c": 20])
  }

  @Test("takes no notice of reports without load, or that make no sense")
  func senseless() throws {
    var stage = ready(three, policy: WeightedRoundRobinPolicy(blackoutPeriod: .zero))
    let bad: [(Double, Double, Double)] = [
      (0, 0, 0.5), (10, 0, 0), (-1, 0, 0.5), (10, 0, -1), (.nan, 0, 0.5), (10, 0, .nan),
      (.infinity, 0, 0.5), (10, -1, 0.5), (1e308, 0, 1e-308),
    ]
    for (qps, eps, utilization) in bad {
      for name in ["a", "b"] {
        try report(stage, name, qps: qps, eps: eps, utilization: utilization, at: 1)
      }
      stage.refresh(now: .seconds(1))
      #expect(stage.pickNames(3).tally == ["a": 1, "b": 1, "c": 1])
    }
    // The largest and the smallest weights there are still deal calls to everybody.
    try report(stage, "a", qps: 1e300, utilization: 1, at: 2)
    try report(stage, "b", qps: 1e-300, utilization: 1, at: 2)
    stage.refresh(now: .seconds(2))
    #expect(Set(stage.pickNames(1_000)) == ["a", "b", "c"])
  }

  @Test("begins the blackout anew with a new connection")
  func reconnect() throws {
    var stage = ready([.named("a"), .named("b")])
    for now in [0, 10] {
      try report(stage, "a", qps: 30, utilization: 1, at: now)
      try report(stage, "b", qps: 10, utilization: 1, at: now)
    }
    stage.refresh(now: .seconds(10))
    #expect(stage.pickNames(40).tally == ["a": 30, "b": 10])
    stage.disconnected(try stage.id("a"))
    stage.connectAll()
    try report(stage, "a", qps: 30, utilization: 1, at: 11)
    stage.refresh(now: .seconds(20))
    #expect(stage.pickNames(40).tally == ["a": 20, "b": 20])
    stage.refresh(now: .seconds(21))
    #expect(stage.pickNames(40).tally == ["a": 30, "b": 10])
  }

  @Test("makes no new picker while the weights stay")
  func quiet() throws {
    var stage = ready(three, policy: WeightedRoundRobinPolicy(blackoutPeriod: .zero))
    #expect(!stage.refresh(now: .seconds(1)).contains(.pickerChanged))
    try report(stage, "a", qps: 300, utilization: 1, at: 1)
    try report(stage, "b", qps: 100, utilization: 1, at: 1)
    #expect(stage.refresh(now: .seconds(2)).contains(.pickerChanged))
    #expect(!stage.refresh(now: .seconds(3)).contains(.pickerChanged))
    var other = try Stage("round_robin")
    other.update(three)
    #expect(other.balancer.refreshPeriod == nil)
    #expect(other.refresh(now: .seconds(1)) == [])
  }

  @Test(
    "tells what each report is worth when a picker is made, also if that is the same (gRFC A78)")
  func told() throws {
    var stage = ready(three)
    stage.refresh(now: .seconds(1))
    #expect(
      stage.events.last == .weighed([.notYetUsable, .notYetUsable, .notYetUsable]),
      "nothing was reported")
    for now in [1, 11] {
      try report(stage, "a", qps: 100, utilization: 0.5, at: now)
    }
    try report(stage, "b", qps: 100, utilization: 0.5, at: 11)
    stage.refresh(now: .seconds(11))
    #expect(stage.events.last == .weighed([.usable(200), .notYetUsable, .notYetUsable]))
    let told = stage.events.count
    stage.refresh(now: .seconds(11 + 180))
    #expect(stage.events.last == .weighed([.stale, .stale, .notYetUsable]))
    stage.refresh(now: .seconds(11 + 181))
    #expect(stage.events.count == told + 2)
  }
}
