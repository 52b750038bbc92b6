import FairleadBalancing
import Testing

@Suite("The balancer, when its policy changes,")
struct BalancerPolicyTests {
  private let a = Endpoint.named("a")
  private let b = Endpoint.named("b", weight: 3)

  private func awake(_ policyName: String) throws -> Stage {
    var stage = try Stage(policyName)
    stage.update([a, b])
    stage.wake()
    return stage
  }

  @Test("keeps its connections and counters and picks by the new policy")
  func keeps() throws {
    var stage = try awake("round_robin")
    stage.connectAll()
    try stage.call("a")
    #expect(
      try stage.setPolicy("weighted_round_robin")
        == [.observed(.weighed([.notYetUsable, .notYetUsable])), .pickerChanged])
    #expect(stage.pickNames(8).tally == ["a": 2, "b": 6])
    #expect(stage.balancer.subchannels.map(\.total) == [1, 0])
  }

  @Test("connects the others when all are wanted, without a wait for the calls")
  func fromFirstToAll() throws {
    var stage = try awake("pick_first")
    stage.connectAll()
    let actions = try stage.setPolicy("round_robin")
    #expect(actions == [.connect(try stage.id("b"), b), .pickerChanged])
    #expect(stage.pickName() == "a")
    stage.connectAll()
    #expect(stage.pickNames(4).tally == ["a": 2, "b": 2])
  }

  @Test("keeps to the backoff of what has failed")
  func fromFailingFirstToAll() throws {
    var stage = try awake("pick_first")
    let (idA, idB) = (try stage.id("a"), try stage.id("b"))
    stage.connectFailed(idA, "refused")
    stage.connectFailed(idB, "refused")
    #expect(try stage.setPolicy("round_robin") == [])
    #expect(stage.pick() == .fail(.allUnreachable(lastError: "refused")))
    #expect(stage.retryElapsed(idB) == [.connect(idB, b)])
  }

  @Test("connects what was passed over, and waits for what only one policy calls a failure")
  func fromPassToAll() throws {
    var stage = try awake("pick_first")
    let (idA, idB) = (try stage.id("a"), try stage.id("b"))
    stage.connectFailed(idA, "refused")
    #expect(stage.retryElapsed(idA) == [])
    #expect(try stage.setPolicy("round_robin") == [.connect(idA, a)])
    stage.connectFailed(idA, "refused")
    stage.connectFailed(idB, "refused")
    try stage.setPolicy("pick_first")
    try stage.setPolicy("round_robin")
    stage.update([a, b, .named("c")])
    #expect(stage.pick() == .wait)
  }

  @Test("takes one of the ready endpoints when only the first is wanted")
  func fromAllToFirst() throws {
    var stage = try awake("round_robin")
    stage.connectAll()
    #expect(try stage.setPolicy("pick_first") == [.pickerChanged])
    #expect(stage.pickNames(3) == ["a", "a", "a"])
    try stage.call("a")
    #expect(stage.disconnected(try stage.id("a")) == [.pickerChanged])
    #expect(stage.pickNames(2) == ["b", "b"])
  }

  @Test("gives up attempts when only the first is wanted and one is ready")
  func fromConnectingAllToFirst() throws {
    var stage = try awake("round_robin")
    stage.connected(try stage.id("b"))
    stage.settleElapsed()
    let actions = try stage.setPolicy("pick_first")
    #expect(actions == [.cancelConnect(try stage.id("a")), .pickerChanged])
    #expect(stage.pickNames(2) == ["b", "b"])
  }

  @Test("takes the attempts under way for those of a pass when only the first is wanted")
  func fromConnectingToFirst() throws {
    var stage = try awake("round_robin")
    #expect(try stage.setPolicy("pick_first") == [])
    #expect(
      stage.update([a, b, .named("c")]) == [.attempt(after: .milliseconds(250))])
    stage.connected(try stage.id("b"))
    #expect(stage.attempts.isEmpty)
    #expect(stage.pickNames(2) == ["b", "b"])
  }

  @Test("tries each again after its own backoff when all had failed")
  func fromFailingAllToFirst() throws {
    var stage = try awake("round_robin")
    let (idA, idB) = (try stage.id("a"), try stage.id("b"))
    stage.connectFailed(idA, "refused")
    stage.connectFailed(idB, "refused")
    #expect(try stage.setPolicy("pick_first") == [])
    #expect(stage.retryElapsed(idB) == [.connect(idB, b)])
    #expect(stage.retryElapsed(idA) == [.connect(idA, a)])
    #expect(stage.connected(idA) == [.cancelConnect(idB), .pickerChanged])
  }

  @Test("does not wait for the rest of one endpoint when the one in use is lost")
  func restsBesideReady() throws {
    var stage = try awake("round_robin")
    stage.connectAll()
    let (idA, idB) = (try stage.id("a"), try stage.id("b"))
    stage.disconnected(idB)
    stage.connectAll()
    try stage.setPolicy("pick_first")
    stage.disconnected(idB)
    #expect(stage.timers[idB] != nil)
    try stage.call("a")
    #expect(stage.disconnected(idA).first == .connect(idA, a))
  }

  @Test("takes no notice of a delay that the policy before asked for")
  func lateDelay() throws {
    var stage = try awake("pick_first")
    try stage.setPolicy("round_robin")
    stage.connectFailed(try stage.id("a"), "refused")
    stage.connectFailed(try stage.id("b"), "refused")
    #expect(stage.attemptDelayElapsed() == [])
    stage.update([a, b, .named("c")])
    #expect(stage.pick() == .wait)
  }

  @Test("stays idle until a call comes")
  func idle() throws {
    var stage = try Stage("round_robin")
    stage.update([a, b])
    #expect(try stage.setPolicy("pick_first") == [])
    #expect(stage.wake().first == .connect(try stage.id("a"), a))
    #expect(stage.attempts.count == 1)
  }
}
