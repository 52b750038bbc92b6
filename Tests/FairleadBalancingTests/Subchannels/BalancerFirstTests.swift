import FairleadBalancing
import Testing

@Suite("The balancer, under pick_first,")
struct BalancerFirstTests {
  private let a = Endpoint.named("a")
  private let b = Endpoint.named("b")
  private let c = Endpoint.named("c")
  private let delay = Balancer.Action.attempt(after: .milliseconds(250))

  private func awake(_ endpoints: [Endpoint]) throws -> Stage {
    let backoff = Backoff(initial: .seconds(1), multiplier: 2, jitter: 0, maximum: .seconds(9))
    var stage = try Stage("pick_first", backoff: backoff)
    stage.update(endpoints)
    stage.wake()
    return stage
  }

  @Test("connects one after the other, keeps the first that is ready and connects no more")
  func inOrder() throws {
    var stage = try awake([a, b, c])
    let (idA, idB) = (try stage.id("a"), try stage.id("b"))
    #expect(Array(stage.attempts.values) == [a])
    #expect(stage.pick() == .wait)
    #expect(
      stage.connectFailed(idA, "refused") == [
        .retry(idA, after: .seconds(1)), .connect(idB, b), delay,
      ])
    #expect(stage.pick() == .wait)
    #expect(stage.connected(idB) == [.pickerChanged])
    #expect(stage.pickNames(3) == ["b", "b", "b"])
    #expect(stage.attempts.isEmpty && stage.settleTimes.isEmpty)
    #expect(stage.state("a") == .idle)
    #expect(stage.retryElapsed(idA) == [])
    #expect(stage.attemptDelayElapsed() == [])
  }

  @Test("starts again with the first endpoint when the connection is lost")
  func startsAgain() throws {
    var stage = try awake([a, b])
    stage.connectFailed(try stage.id("a"), "refused")
    stage.connected(try stage.id("b"))
    try stage.call("b")
    #expect(
      stage.disconnected(try stage.id("b")) == [
        .connect(try stage.id("a"), a), delay, .pickerChanged,
      ])
    #expect(stage.state("b") == .idle)
    #expect(stage.pick() == .wait)
    #expect(stage.attemptDelayElapsed() == [.connect(try stage.id("b"), b)])
  }

  @Test("keeps its connection when endpoints come and go around it")
  func keeps() throws {
    var stage = try awake([a, b])
    stage.connected(try stage.id("a"))
    #expect(stage.update([c, a]) == [.drain(SubchannelID(index: 1))])
    #expect(stage.pickName() == "a")
    #expect(stage.attempts.isEmpty)
  }

  @Test("goes on with the first endpoint when the one in use leaves")
  func leaves() throws {
    var stage = try awake([a, b])
    let id = try stage.id("a")
    stage.connected(id)
    #expect(
      stage.update([b, c]) == [.drain(id), .connect(try stage.id("b"), b), delay, .pickerChanged])
    stage.connectAll()
    #expect(stage.pickName() == "b")
  }

  @Test("rests when the only endpoint closes one connection after the other without a call")
  func flapping() throws {
    var stage = try awake([a])
    let id = try stage.id("a")
    stage.connected(id)
    #expect(stage.disconnected(id) == [.connect(id, a), .pickerChanged])
    stage.connected(id)
    #expect(stage.disconnected(id) == [.retry(id, after: .seconds(1)), .pickerChanged])
    #expect(stage.attemptDelayElapsed() == [])
    #expect(stage.state("a") == .idle)
    #expect(stage.retryElapsed(id) == [.connect(id, a)])
  }

  @Test("ends a rest by no other timer than its own")
  func restsOn() throws {
    var stage = try awake([a, b])
    let id = try stage.id("a")
    for _ in 0..<2 {
      stage.connected(id)
      stage.disconnected(id)
    }
    #expect(stage.attempts.isEmpty)
    #expect(stage.retryElapsed(try stage.id("b")) == [])
    #expect(stage.retryElapsed(id).first == .connect(id, a))
  }

  @Test("does not get stuck when the endpoint whose rest it waits for leaves, or another one comes")
  func restingLeaves() throws {
    for isKept in [true, false] {
      var stage = try awake([a])
      for _ in 0..<2 {
        stage.connected(try stage.id("a"))
        stage.disconnected(try stage.id("a"))
      }
      #expect(stage.attempts.isEmpty)
      let actions = stage.update(isKept ? [b, a] : [b])
      #expect(actions.contains(.connect(try stage.id("b"), b)))
    }
  }

  @Test("ends a rest when the backoff is reset")
  func resetsRest() throws {
    var stage = try awake([a])
    let id = try stage.id("a")
    for _ in 0..<2 {
      stage.connected(id)
      stage.disconnected(id)
    }
    #expect(stage.resetBackoff() == [.connect(id, a)])
    #expect(stage.retryElapsed(id) == [])
  }

  @Test("connects to nothing before a call comes, whatever timers end")
  func asleep() throws {
    var stage = try Stage("pick_first")
    stage.update([a, b])
    #expect(stage.attemptDelayElapsed() == [])
    #expect(stage.retryElapsed(try stage.id("a")) == [])
    #expect(stage.wake() == [.connect(try stage.id("a"), a), delay])
  }
}
