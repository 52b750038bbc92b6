import FairleadBalancing
import Testing

@Suite("Under pick_first, when all endpoints have failed, the balancer")
struct BalancerStickyFailureTests {
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

  private func failed() throws -> Stage {
    var stage = try awake([a, b])
    stage.connectFailed(try stage.id("a"), "refused")
    stage.connectFailed(try stage.id("b"), "timed out")
    return stage
  }

  @Test("tries each again after its own backoff, and fails calls until one is ready")
  func ownBackoff() throws {
    var stage = try failed()
    let (idA, idB) = (try stage.id("a"), try stage.id("b"))
    #expect(stage.timers == [idA: .seconds(1), idB: .seconds(1)])
    let failure = Pick.fail(.allUnreachable(lastError: "timed out"))
    #expect(stage.pick() == failure)
    #expect(stage.retryElapsed(idB) == [.connect(idB, b)])
    #expect(stage.connectFailed(idB, "timed out") == [.retry(idB, after: .seconds(2))])
    #expect(stage.retryElapsed(idA) == [.connect(idA, a)])
    #expect(stage.pick() == failure)
    #expect(stage.retryElapsed(idB) == [.connect(idB, b)])
    #expect(stage.connectFailed(idB, "timed out") == [.retry(idB, after: .seconds(4))])
    #expect(stage.connectFailed(idA, "refused").first == .retry(idA, after: .seconds(2)))
    #expect(stage.pick() == .fail(.allUnreachable(lastError: "refused")))
    stage.retryElapsed(idA)
    stage.retryElapsed(idB)
    #expect(stage.connected(idB) == [.cancelConnect(idA), .pickerChanged])
    #expect(stage.pickName() == "b")
  }

  @Test("does not count its first pass as over while one attempt is still under way")
  func attemptPending() throws {
    var stage = try awake([a, b])
    let (idA, idB) = (try stage.id("a"), try stage.id("b"))
    stage.attemptDelayElapsed()
    #expect(stage.connectFailed(idB, "refused") == [.retry(idB, after: .seconds(1))])
    #expect(stage.pick() == .wait)
    #expect(stage.retryElapsed(idB) == [])
    #expect(stage.state("b") == .idle)
    #expect(
      stage.connectFailed(idA, "timed out") == [
        .retry(idA, after: .seconds(1)), .connect(idB, b), .pickerChanged,
      ])
    #expect(stage.pick() == .fail(.allUnreachable(lastError: "timed out")))
  }

  @Test("goes on failing calls while it tries what an update brings, first of all")
  func updated() throws {
    var stage = try failed()
    let (idA, idB) = (try stage.id("a"), try stage.id("b"))
    stage.retryElapsed(idA)
    let failure = Pick.fail(.allUnreachable(lastError: "timed out"))
    #expect(stage.update([a, b, c]) == [delay])
    #expect(stage.pick() == failure)
    let idC = try stage.id("c")
    #expect(stage.attemptDelayElapsed() == [.connect(idC, c)])
    #expect(stage.retryElapsed(idB) == [])
    #expect(stage.connectFailed(idC, "no route").suffix(2) == [.connect(idB, b), .pickerChanged])
    #expect(stage.pick() == .fail(.allUnreachable(lastError: "no route")))
    #expect(stage.update([.named("d")]).last == .connect(try stage.id("d"), .named("d")))
    #expect(stage.pick() == .fail(.allUnreachable(lastError: "no route")))
    #expect(stage.connected(try stage.id("d")) == [.pickerChanged])
  }

  @Test("waits again after a success, and after a time without endpoints")
  func forgets() throws {
    var stage = try failed()
    stage.retryElapsed(try stage.id("b"))
    stage.connected(try stage.id("b"))
    try stage.call("b")
    stage.disconnected(try stage.id("b"))
    #expect(stage.pick() == .wait)
    stage.connectFailed(try stage.id("a"), "refused")
    #expect(stage.pick() == .wait)
    stage.connectFailed(try stage.id("b"), "refused")
    #expect(stage.pick() == .fail(.allUnreachable(lastError: "refused")))
    stage.update([])
    #expect(stage.pick() == .fail(.noEndpoints))
    stage.update([c])
    #expect(stage.pick() == .wait)
  }

  @Test("tries all that wait at once when the backoff is reset")
  func resetsBackoff() throws {
    var stage = try failed()
    let (idA, idB) = (try stage.id("a"), try stage.id("b"))
    #expect(stage.resetBackoff() == [.connect(idA, a), .connect(idB, b)])
    #expect(stage.retryElapsed(idB) == [])
    #expect(stage.connectFailed(idA, "refused").first == .retry(idA, after: .seconds(2)))
  }

  @Test("ends the first pass no earlier because the backoff is reset in it")
  func resetsInPass() throws {
    var stage = try awake([a, b, c])
    stage.connectFailed(try stage.id("a"), "refused")
    #expect(stage.resetBackoff() == [])
    #expect(stage.attemptDelayElapsed() == [.connect(try stage.id("c"), c)])
  }

  @Test("tries an address at once that another pod has now, without a memory of the old one")
  func anotherPod() throws {
    var stage = try failed()
    let id = try stage.id("b")
    let next = Endpoint(address: b.address, name: "next")
    #expect(stage.update([a, next]) == [.connect(id, next), .pickerChanged])
    #expect(stage.pick() == .fail(.allUnreachable(lastError: "refused")))
    #expect(stage.connectFailed(id, "refused").first == .retry(id, after: .seconds(1)))
  }

  @Test("does not get stuck when the endpoint that is tried, or one that waits, leaves")
  func leave() throws {
    var stage = try awake([a, b])
    let idB = try stage.id("b")
    #expect(stage.update([b]).last == .connect(idB, b))
    stage.connectFailed(idB, "refused")
    #expect(stage.timers.count == 1)
    let idC = SubchannelID(index: 0)
    #expect(stage.update([b, c]).map(\.isConnect) == [true])
    stage.connectFailed(try stage.id("c"), "refused")
    #expect(stage.timers.count == 2)
    #expect(idC.index == (try stage.id("c").index))
    #expect(stage.update([c]) == [.drain(idB)])
    #expect(stage.retryElapsed(idB) == [])
    #expect(stage.retryElapsed(try stage.id("c")) == [.connect(try stage.id("c"), c)])
    stage.connectAll()
    #expect(stage.pickName() == "c")
  }
}

extension Balancer.Action {
  fileprivate var isConnect: Bool {
    if case .connect = self { true } else { false }
  }
}
