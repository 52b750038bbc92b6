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
    #expect(try stage.setPolicy("weighted_round_robin") == [.pickerChanged])
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

  @Test("tries all endpoints that one timer held back")
  func fromFailingFirstToAll() throws {
    var stage = try awake("pick_first")
    stage.connectFailed(try stage.id("a"), "refused")
    stage.connectFailed(try stage.id("b"), "refused")
    let actions = try stage.setPolicy("round_robin")
    #expect(actions == [.connect(try stage.id("a"), a), .connect(try stage.id("b"), b)])
    #expect(stage.pick() == .fail(.allUnreachable(lastError: "refused")))
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

  @Test("tries one after the other again when all had failed alone")
  func fromFailingAllToFirst() throws {
    var stage = try awake("round_robin")
    stage.connectFailed(try stage.id("a"), "refused")
    stage.connectFailed(try stage.id("b"), "refused")
    #expect(try stage.setPolicy("pick_first") == [.connect(try stage.id("a"), a)])
    #expect(stage.retryElapsed(try stage.id("b")) == [])
  }

  @Test("starts a timer of its own rather than wait for one of an earlier policy")
  func backAndForth() throws {
    var stage = try awake("pick_first")
    let (idA, idB) = (try stage.id("a"), try stage.id("b"))
    stage.connectFailed(idA, "refused")
    stage.connectFailed(idB, "refused")
    try stage.setPolicy("round_robin")
    try stage.setPolicy("pick_first")
    #expect(stage.connectFailed(idA, "refused") == [])
    let actions = stage.connectFailed(idB, "refused")
    #expect(actions.count == 1)
    guard case .retry(idA, after: _) = actions.first else {
      Issue.record("Nothing tries again: \(actions)")
      return
    }
  }

  @Test("stays idle until a call comes")
  func idle() throws {
    var stage = try Stage("round_robin")
    stage.update([a, b])
    #expect(try stage.setPolicy("pick_first") == [])
    #expect(stage.wake() == [.connect(try stage.id("a"), a)])
  }
}
