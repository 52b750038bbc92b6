import FairleadBalancing
import Testing

@Suite("The balancer, under pick_first,")
struct BalancerFirstTests {
  private let a = Endpoint.named("a")
  private let b = Endpoint.named("b")
  private let c = Endpoint.named("c")

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
    #expect(Array(stage.attempts.values) == [a])
    #expect(stage.pick() == .wait)
    #expect(
      stage.connectFailed(try stage.id("a"), "refused") == [.connect(try stage.id("b"), b)])
    #expect(stage.pick() == .wait)
    #expect(stage.connected(try stage.id("b")) == [.pickerChanged])
    #expect(stage.pickNames(3) == ["b", "b", "b"])
    #expect(stage.attempts.isEmpty && stage.timers.isEmpty && stage.settleTimes.isEmpty)
    #expect(stage.state("a") == .idle)
  }

  @Test("starts again with the first endpoint when the connection is lost")
  func startsAgain() throws {
    var stage = try awake([a, b])
    stage.connectFailed(try stage.id("a"), "refused")
    stage.connected(try stage.id("b"))
    try stage.call("b")
    #expect(
      stage.disconnected(try stage.id("b")) == [.connect(try stage.id("a"), a), .pickerChanged])
    #expect(stage.pick() == .wait)
  }

  @Test("rests after a round without success, and longer after the next")
  func rounds() throws {
    var stage = try awake([a, b])
    let (idA, idB) = (try stage.id("a"), try stage.id("b"))
    for seconds in [1, 2, 4] {
      #expect(stage.connectFailed(idA, "refused").first == .connect(idB, b))
      #expect(stage.connectFailed(idB, "timed out").first == .retry(idA, after: .seconds(seconds)))
      #expect(stage.pick() == .fail(.allUnreachable(lastError: "timed out")))
      #expect(stage.retryElapsed(idB) == [])
      #expect(stage.retryElapsed(idA) == [.connect(idA, a)])
    }
    stage.connected(idA)
    #expect(stage.pickName() == "a")
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
      stage.update([b, c]) == [.drain(id), .connect(try stage.id("b"), b), .pickerChanged])
    stage.connectAll()
    #expect(stage.pickName() == "b")
  }

  @Test("does not get stuck when the endpoint that is tried, or that holds the timer, leaves")
  func timerLeaves() throws {
    var stage = try awake([a, b])
    #expect(stage.update([b]).last == .connect(try stage.id("b"), b))
    stage.connectFailed(try stage.id("b"), "refused")
    #expect(stage.timers.count == 1)
    #expect(stage.update([b, c]) == [.connect(try stage.id("c"), c), .pickerChanged])
    #expect(stage.connectFailed(try stage.id("c"), "refused") == [.pickerChanged])
    #expect(stage.timers.count == 1)
    stage.update([c])
    #expect(stage.timers.count == 1)
    stage.retryElapsed(try stage.id("c"))
    stage.connectAll()
    #expect(stage.pickName() == "c")
  }

  @Test("rests when the only endpoint closes one connection after the other without a call")
  func flapping() throws {
    var stage = try awake([a])
    let id = try stage.id("a")
    stage.connected(id)
    #expect(stage.disconnected(id).first == .connect(id, a))
    stage.connected(id)
    #expect(stage.disconnected(id) == [.retry(id, after: .seconds(1)), .pickerChanged])
    #expect(stage.retryElapsed(id) == [.connect(id, a)])
  }

  @Test("starts a new round at once when the backoff is reset")
  func resetsBackoff() throws {
    var stage = try awake([a, b])
    let (idA, idB) = (try stage.id("a"), try stage.id("b"))
    stage.connectFailed(idA, "refused")
    stage.connectFailed(idB, "refused")
    #expect(stage.resetBackoff() == [.connect(idA, a)])
    #expect(stage.connectFailed(idA, "refused") == [.connect(idB, b)])
  }
}
