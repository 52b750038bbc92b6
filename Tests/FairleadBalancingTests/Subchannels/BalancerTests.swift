import FairleadBalancing
import Testing

@Suite("The balancer")
struct BalancerTests {
  private let a = Endpoint.named("a")
  private let b = Endpoint.named("b")
  private let c = Endpoint.named("c")
  private let d = Endpoint.named("d")

  /// Awake, with these endpoints connected.
  private func ready(_ endpoints: [Endpoint]) throws -> Stage {
    var stage = try Stage("round_robin")
    stage.update(endpoints)
    stage.wake()
    stage.connectAll()
    return stage
  }

  @Test("connects nothing before a call wakes it, and then everything")
  func wakes() throws {
    var stage = try Stage("round_robin", settleTime: .milliseconds(250))
    #expect(stage.pick() == .wait)
    #expect(stage.update([a, b]) == [])
    #expect(stage.pick() == .wait)
    #expect(
      stage.wake() == [
        .connect(try stage.id("a"), a), .connect(try stage.id("b"), b),
        .settle(after: .milliseconds(250)),
      ])
    #expect(stage.wake() == [])
    #expect(stage.pick() == .wait)
  }

  @Test("spreads the very first calls over all, once all have connected")
  func coldStart() throws {
    var stage = try Stage("round_robin")
    stage.update([a, b, c])
    stage.wake()
    #expect(stage.connected(try stage.id("b")) == [])
    #expect(stage.connected(try stage.id("a")) == [])
    #expect(stage.pick() == .wait)
    #expect(stage.connected(try stage.id("c")) == [.pickerChanged])
    #expect(stage.pickNames(3).tally == ["a": 1, "b": 1, "c": 1])
  }

  @Test("does not wait for an endpoint that failed, nor for a slow one after the settle time")
  func slowStart() throws {
    var stage = try Stage("round_robin")
    stage.update([a, b, c])
    stage.wake()
    stage.connectFailed(try stage.id("a"), "refused")
    stage.connected(try stage.id("b"))
    #expect(stage.pick() == .wait)
    #expect(stage.settleElapsed() == [.pickerChanged])
    #expect(stage.pickNames(3).tally == ["b": 3])
    #expect(stage.settleElapsed() == [])
    stage.connected(try stage.id("c"))
    #expect(stage.pickNames(4).tally == ["b": 2, "c": 2])
  }

  @Test("goes on waiting after the settle time until the first one is ready")
  func verySlowStart() throws {
    var stage = try Stage("round_robin")
    stage.update([a, b])
    stage.wake()
    #expect(stage.settleElapsed() == [])
    #expect(stage.pick() == .wait)
    #expect(stage.connected(try stage.id("b")) == [.pickerChanged])
    #expect(stage.pickName() == "b")
  }

  @Test("settles on the first endpoints that it hears of, if it was awake before")
  func lateEndpoints() throws {
    var stage = try Stage("round_robin")
    stage.wake()
    #expect(stage.pick() == .wait)
    stage.update([])
    #expect(stage.pick() == .fail(.noEndpoints))
    stage.update([a, b])
    stage.connected(try stage.id("a"))
    #expect(stage.pick() == .wait)
    stage.connected(try stage.id("b"))
    #expect(stage.pickNames(2).tally == ["a": 1, "b": 1])
    #expect(stage.settleTimes.count == 1)
  }

  @Test("does not wait for an endpoint that left while the first ones settle")
  func leavesWhileSettling() throws {
    var stage = try Stage("round_robin")
    stage.update([a, b])
    stage.wake()
    stage.connected(try stage.id("a"))
    #expect(stage.update([a]).last == .pickerChanged)
    #expect(stage.pickName() == "a")
  }

  @Test("without a settle time takes the first that is ready")
  func noSettling() throws {
    var stage = try Stage("round_robin", settleTime: .zero)
    stage.update([a, b])
    stage.wake()
    #expect(stage.settleTimes == [])
    stage.connected(try stage.id("b"))
    #expect(stage.pickName() == "b")
  }

  @Test("connects a new endpoint at once and picks it when it is ready")
  func scaleOut() throws {
    var stage = try ready([a, b])
    let actions = stage.update([a, b, c])
    #expect(actions == [.connect(try stage.id("c"), c)])
    #expect(stage.pickNames(4).tally == ["a": 2, "b": 2])
    #expect(stage.connected(try stage.id("c")) == [.pickerChanged])
    #expect(stage.pickNames(6).tally == ["a": 2, "b": 2, "c": 2])
  }

  @Test("never picks an endpoint again that left, and drains it")
  func scaleIn() throws {
    var stage = try ready([a, b, c])
    let gone = try stage.id("b")
    #expect(stage.update([a, c]) == [.drain(gone), .pickerChanged])
    #expect(stage.pickNames(6).tally == ["a": 3, "c": 3])
    #expect(stage.balancer.endpoint(of: gone) == nil)
  }

  @Test("waits for the new ones when all endpoints are replaced at once")
  func replaceAll() throws {
    var stage = try ready([a, b])
    let (idA, idB) = (try stage.id("a"), try stage.id("b"))
    let actions = stage.update([c, d])
    #expect(
      actions == [
        .drain(idA), .drain(idB), .connect(try stage.id("c"), c), .connect(try stage.id("d"), d),
        .pickerChanged,
      ])
    #expect(stage.pick() == .wait)
    stage.connected(try stage.id("d"))
    #expect(stage.pickName() == "d")
    stage.connected(try stage.id("c"))
    #expect(stage.pickNames(4).tally == ["c": 2, "d": 2])
  }

  @Test("has an endpoint for every call of a rolling update")
  func rollingUpdate() throws {
    var stage = try ready([a, b])
    let steps = [[a, b, c], [b, c], [b, c, d], [c, d]]
    for step in steps {
      stage.update(step)
      #expect(stage.pickName() != nil)
      stage.connectAll()
      #expect(stage.pickName() != nil)
    }
    #expect(stage.pickNames(4).tally == ["c": 2, "d": 2])
  }

  @Test("does nothing for a set equal to the last, and little for one in another order")
  func sameSet() throws {
    var stage = try ready([a, b])
    #expect(stage.update([a, b]) == [])
    #expect(stage.update([b, a]) == [.pickerChanged])
    #expect(stage.balancer.subchannels.map(\.endpoint.name) == ["b", "a"])
  }

  @Test("keeps connection, state and counters of an endpoint whose description changes")
  func describedAnew() throws {
    var stage = try ready([a, b])
    let id = try stage.id("a")
    let load = stage.balancer.load(of: id)
    try stage.call("a")
    let heavier = Endpoint.named("a", weight: 5, labels: ["version": "v2"])
    #expect(stage.update([heavier, b]) == [.pickerChanged])
    #expect(try stage.id("a") == id)
    #expect(stage.balancer.load(of: id) === load)
    let status = try #require(stage.balancer.subchannels.first)
    #expect(status.endpoint == heavier && status.weight == 5)
    #expect(status.state == .ready && status.total == 1 && status.active == 0)
  }

  @Test("tells the state of each endpoint")
  func statuses() throws {
    var stage = try Stage("round_robin")
    stage.update([a, b, c])
    #expect(stage.balancer.subchannels.map(\.state) == [.idle, .idle, .idle])
    stage.wake()
    stage.connected(try stage.id("a"))
    stage.connectFailed(try stage.id("b"), "refused")
    #expect(stage.balancer.subchannels.map(\.state) == [.ready, .transientFailure, .connecting])
    #expect(stage.balancer.subchannels.map(\.lastError) == [nil, "refused", nil])
    #expect(stage.balancer.subchannels.map(\.failedAttempts) == [0, 1, 0])
    #expect(SubchannelState.allCases.map(\.rawValue).contains("transient_failure"))
    stage.balancer.load(of: try stage.id("a")).callBegan()
    #expect(stage.balancer.subchannels.map(\.active) == [1, 0, 0])
  }
}
