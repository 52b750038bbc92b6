import FairleadBalancing
import Testing

@Suite("The balancer, when connections fail,")
struct BalancerFailureTests {
  private let a = Endpoint.named("a")
  private let b = Endpoint.named("b")

  private func awake(_ endpoints: [Endpoint]) throws -> Stage {
    let backoff = Backoff(initial: .seconds(1), multiplier: 2, jitter: 0, maximum: .seconds(3))
    var stage = try Stage("round_robin", backoff: backoff)
    stage.update(endpoints)
    stage.wake()
    return stage
  }

  @Test("tries again after a longer time with each failure, and from the start once connected")
  func backsOff() throws {
    var stage = try awake([a])
    let id = try stage.id("a")
    for seconds in [1, 2, 3, 3] {
      let actions = stage.connectFailed(id, "refused")
      #expect(actions.first == .retry(id, after: .seconds(seconds)))
      #expect(stage.retryElapsed(id) == [.connect(id, a)])
    }
    #expect(stage.connected(id) == [.pickerChanged])
    try stage.call("a")
    #expect(stage.disconnected(id) == [.connect(id, a), .pickerChanged])
    #expect(stage.connectFailed(id, "refused").first == .retry(id, after: .seconds(1)))
  }

  @Test("fails calls while all endpoints are down, also while it tries again")
  func allDown() throws {
    var stage = try awake([a, b])
    stage.connectFailed(try stage.id("a"), "refused")
    #expect(stage.pick() == .wait)
    stage.connectFailed(try stage.id("b"), "timed out")
    let failure = Pick.fail(.allUnreachable(lastError: "timed out"))
    #expect(stage.pick() == failure)
    #expect(stage.retryElapsed(try stage.id("a")) == [.connect(try stage.id("a"), a)])
    #expect(stage.state("a") == .connecting)
    #expect(stage.pick() == failure)
    stage.connectFailed(try stage.id("a"), "no route")
    #expect(stage.pick() == .fail(.allUnreachable(lastError: "no route")))
  }

  @Test("takes calls again with the first endpoint that recovers")
  func recovers() throws {
    var stage = try awake([a, b])
    let (idA, idB) = (try stage.id("a"), try stage.id("b"))
    stage.connectFailed(idA, "refused")
    stage.connectFailed(idB, "refused")
    stage.retryElapsed(idB)
    #expect(stage.connected(idB) == [.pickerChanged])
    #expect(stage.pickNames(2) == ["b", "b"])
    stage.retryElapsed(idA)
    stage.connected(idA)
    #expect(stage.pickNames(4).tally == ["a": 2, "b": 2])
  }

  @Test("lets calls wait while the only endpoint reconnects")
  func restarts() throws {
    var stage = try awake([a])
    let id = try stage.id("a")
    stage.connected(id)
    try stage.call("a")
    stage.disconnected(id)
    #expect(stage.pick() == .wait)
    stage.connected(id)
    #expect(stage.pickName() == "a")
  }

  @Test("hands the policy its last picker, also after a time with nothing ready")
  func replaces() throws {
    var stage = Stage(GenerationPolicy())
    stage.update([a])
    stage.wake()
    for generation in 1...3 {
      stage.connected(try stage.id("a"))
      #expect((stage.balancer.picker as? GenerationPolicy.Picked)?.generation == generation)
      try stage.call("a")
      stage.disconnected(try stage.id("a"))
      #expect(stage.pick() == .wait)
    }
  }

  @Test("does not loop with a peer that closes every connection before it has a call")
  func flapping() throws {
    var stage = try awake([a])
    let id = try stage.id("a")
    stage.connected(id)
    #expect(stage.disconnected(id).first == .connect(id, a))
    for _ in 0..<3 {
      stage.connected(id)
      #expect(stage.disconnected(id) == [.retry(id, after: .seconds(1)), .pickerChanged])
      #expect(stage.pick() == .wait)
      #expect(stage.retryElapsed(id) == [.connect(id, a)])
    }
    stage.connected(id)
    try stage.call("a")
    #expect(stage.disconnected(id).first == .connect(id, a))
  }

  @Test("a flapping endpoint takes nothing from the others")
  func flapsBesideOthers() throws {
    var stage = try awake([a, b])
    stage.connectAll()
    for _ in 0..<50 {
      #expect(stage.pickNames(4).tally == ["a": 2, "b": 2])
      try stage.call("b")
      stage.disconnected(try stage.id("b"))
      #expect(stage.pickNames(2).tally == ["a": 2])
      stage.connected(try stage.id("b"))
    }
  }

  @Test("says that there are no endpoints, and drains, when the set becomes empty")
  func empty() throws {
    var stage = try awake([a])
    let id = try stage.id("a")
    stage.connected(id)
    #expect(stage.update([]) == [.drain(id), .pickerChanged])
    #expect(stage.pick() == .fail(.noEndpoints))
    #expect(stage.balancer.subchannels.isEmpty)
    stage.update([b])
    #expect(stage.pick() == .wait)
    stage.connectAll()
    #expect(stage.pickName() == "b")
  }

  /// The attempt for `a` fails on its event loop while an update replaces `a` by `b`, which gets
  /// the same index. The failure arrives after the update, under the id of `a`.
  @Test("takes no late event of a drained endpoint for one of its index's next holder")
  func lateEvents() throws {
    var stage = try awake([a])
    let old = try stage.id("a")
    stage.update([b])
    let new = try stage.id("b")
    #expect(new.index == old.index)
    #expect(new != old)
    #expect(stage.connectFailed(old, "late") == [])
    #expect(stage.connected(old) == [])
    #expect(stage.retryElapsed(old) == [])
    #expect(stage.state("b") == .connecting)
    stage.connected(new)
    #expect(stage.disconnected(old) == [])
    #expect(stage.state("b") == .ready)
    #expect(stage.balancer.load(of: old) !== stage.balancer.load(of: new))
  }

  @Test("takes no notice of ids that it never gave out")
  func unknown() throws {
    var stage = try awake([a])
    for index in [-1, 1, 7, Int.max] {
      let id = SubchannelID(index: index)
      #expect(stage.connected(id) == [] && stage.connectFailed(id, "?") == [])
      #expect(stage.disconnected(id) == [] && stage.retryElapsed(id) == [])
      #expect(stage.balancer.endpoint(of: id) == nil)
    }
    #expect(stage.state("a") == .connecting)
  }

  @Test("keeps indices dense")
  func denseIndices() throws {
    var stage = try awake([a, b])
    let names = ["c", "d", "e", "f", "g"]
    for name in names {
      stage.update([a, .named(name)])
      #expect(try stage.id(name).index == 1)
    }
    stage.update((0..<3).map { .named("x\($0)") })
    stage.update([.named("x1"), .named("y")])
    #expect(try stage.id("y").index == 0)
    stage.update((0..<4).map { .named("z\($0)") })
    #expect(Set(stage.balancer.subchannels.map(\.id.index)) == [0, 1, 2, 3])
  }

  @Test("tries at once what waits, when the backoff is reset")
  func resetsBackoff() throws {
    var stage = try awake([a, b])
    let (idA, idB) = (try stage.id("a"), try stage.id("b"))
    stage.connected(idA)
    stage.connectFailed(idB, "refused")
    #expect(stage.resetBackoff() == [.connect(idB, b)])
    #expect(stage.retryElapsed(idB) == [])
    #expect(stage.connectFailed(idB, "refused").first == .retry(idB, after: .seconds(2)))
  }

  @Test("tries at once an address that another pod has now")
  func anotherPod() throws {
    var stage = try awake([a])
    let id = try stage.id("a")
    stage.connectFailed(id, "refused")
    let next = Endpoint(address: a.address, name: "next")
    #expect(stage.update([next]) == [.connect(id, next)])
  }
}

/// Tells how many pickers came before.
private struct GenerationPolicy: Policy {
  final class Picked: Picker {
    let id: SubchannelID
    let generation: Int

    init(id: SubchannelID, generation: Int) {
      self.id = id
      self.generation = generation
    }

    func pick(_ request: PickRequest) -> Pick { .subchannel(id) }
  }

  let name = "generation"
  let connects = ConnectStrategy.all

  func makePicker(
    over candidates: [Candidate], replacing previous: (any Picker)?, random: RandomSource
  ) -> any Picker {
    Picked(id: candidates[0].id, generation: 1 + ((previous as? Picked)?.generation ?? 0))
  }
}
