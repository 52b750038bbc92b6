import FairleadBalancing
import Testing

@Suite("The balancer, when servers say how they are,")
struct BalancerHealthTests {
  private let a = Endpoint.named("a")
  private let b = Endpoint.named("b")
  private let delay = Balancer.Action.attempt(after: .milliseconds(250))

  private func awake(_ policyName: String, _ endpoints: [Endpoint]) throws -> Stage {
    let backoff = Backoff(initial: .seconds(1), multiplier: 2, jitter: 0, maximum: .seconds(9))
    var stage = try Stage(policyName, backoff: backoff)
    stage.update(endpoints)
    stage.wake()
    return stage
  }

  @Test("gives a server that does not serve no calls, and calls again when it does")
  func comesAndGoes() throws {
    var stage = try awake("round_robin", [a, b])
    stage.connectAll()
    let id = try stage.id("a")
    #expect(stage.becameUnhealthy(id, "NOT_SERVING") == [.pickerChanged])
    #expect(stage.pickNames(4) == ["b", "b", "b", "b"])
    #expect(stage.state("a") == .transientFailure)
    #expect(stage.balancer.subchannels.first?.lastError == "NOT_SERVING")
    #expect(stage.balancer.subchannels.first?.failedAttempts == 0)
    #expect(stage.becameUnhealthy(id, "SERVICE_UNKNOWN") == [])
    #expect(stage.balancer.subchannels.first?.lastError == "SERVICE_UNKNOWN")
    #expect(stage.connected(id) == [.pickerChanged])
    #expect(stage.pickNames(4).tally == ["a": 2, "b": 2])
  }

  @Test("neither connects an unhealthy server again nor has it wait, whatever happens around it")
  func leavesConnectionAlone() throws {
    var stage = try awake("round_robin", [a])
    let id = try stage.id("a")
    #expect(stage.becameUnhealthy(id, "NOT_SERVING") == [.pickerChanged])
    #expect(stage.pick() == .fail(.allUnreachable(lastError: "NOT_SERVING")))
    #expect(stage.becameUnhealthy(id, "NOT_SERVING") == [])
    #expect(stage.retryElapsed(id) == [])
    #expect(stage.connectFailed(id, "late") == [])
    #expect(stage.resetBackoff() == [])
    #expect(stage.update([Endpoint(address: a.address, name: "other")]) == [])
    #expect(stage.becameUnhealthy(id, "SERVICE_UNKNOWN") == [.pickerChanged])
    #expect(stage.pick() == .fail(.allUnreachable(lastError: "SERVICE_UNKNOWN")))
    #expect(stage.update([]) == [.drain(id), .pickerChanged])
  }

  @Test("connects at once when an unhealthy connection is lost, and goes on failing until then")
  func lost() throws {
    var stage = try awake("round_robin", [a])
    let id = try stage.id("a")
    stage.connected(id)
    try stage.call("a")
    stage.becameUnhealthy(id, "NOT_SERVING")
    #expect(stage.disconnected(id) == [.connect(id, a)])
    #expect(stage.pick() == .fail(.allUnreachable(lastError: "NOT_SERVING")))
    #expect(stage.connectFailed(id, "refused").first == .retry(id, after: .seconds(1)))
    #expect(stage.pick() == .fail(.allUnreachable(lastError: "refused")))
    stage.retryElapsed(id)
    #expect(stage.connected(id) == [.pickerChanged])
    #expect(stage.pickName() == "a")
  }

  @Test("tells calls the newest reason when no endpoint is left")
  func reason() throws {
    var stage = try awake("round_robin", [a, b])
    stage.connectFailed(try stage.id("b"), "refused")
    #expect(stage.becameUnhealthy(try stage.id("a"), "NOT_SERVING") == [.pickerChanged])
    #expect(stage.pick() == .fail(.allUnreachable(lastError: "NOT_SERVING")))
  }

  @Test("does not loop with a server that says no and closes, time and again")
  func flapping() throws {
    for policyName in ["round_robin", "pick_first"] {
      var stage = try awake(policyName, [a])
      let id = try stage.id("a")
      stage.becameUnhealthy(id, "NOT_SERVING")
      #expect(stage.disconnected(id) == [.connect(id, a)])
      for _ in 0..<3 {
        stage.becameUnhealthy(id, "NOT_SERVING")
        #expect(stage.disconnected(id) == [.retry(id, after: .seconds(1))])
        #expect(stage.pick() == .fail(.allUnreachable(lastError: "NOT_SERVING")))
        #expect(stage.retryElapsed(id) == [.connect(id, a)])
      }
    }
  }

  @Test("does not have the first calls wait for a server that does not serve")
  func settles() throws {
    var stage = try awake("round_robin", [a, b])
    stage.connected(try stage.id("b"))
    #expect(stage.pick() == .wait)
    #expect(stage.becameUnhealthy(try stage.id("a"), "NOT_SERVING") == [.pickerChanged])
    #expect(stage.pickName() == "b")
  }

  @Test("starts a server that serves again slowly")
  func slowStart() throws {
    var stage = try awake("round_robin", [a, b])
    stage.setSlowStart(SlowStart(window: .seconds(10)))
    stage.refresh(now: .seconds(100))
    stage.connectAll()
    stage.refresh(now: .seconds(200))
    #expect(stage.pickNames(20).tally == ["a": 10, "b": 10])
    stage.becameUnhealthy(try stage.id("a"), "NOT_SERVING")
    stage.connected(try stage.id("a"))
    #expect(stage.pickNames(11).tally == ["a": 1, "b": 10])
  }

  @Test("takes no notice of what is said of endpoints without a connection, or that are gone")
  func late() throws {
    var stage = try awake("round_robin", [a, b])
    let (idA, idB) = (try stage.id("a"), try stage.id("b"))
    stage.connectFailed(idA, "refused")
    #expect(stage.becameUnhealthy(idA, "NOT_SERVING") == [])
    #expect(stage.balancer.subchannels.first?.lastError == "refused")
    stage.update([a])
    #expect(stage.becameUnhealthy(idB, "NOT_SERVING") == [])
    #expect(stage.becameUnhealthy(SubchannelID(index: 7), "NOT_SERVING") == [])
  }

  @Test("under pick_first, tries the next endpoint, and gives up the unhealthy one for it")
  func first() throws {
    var stage = try awake("pick_first", [a, b])
    let (idA, idB) = (try stage.id("a"), try stage.id("b"))
    stage.connected(idA)
    try stage.call("a")
    #expect(stage.becameUnhealthy(idA, "NOT_SERVING") == [.connect(idB, b), .pickerChanged])
    #expect(stage.pick() == .wait)
    #expect(stage.connected(idB) == [.cancelConnect(idA), .pickerChanged])
    #expect(stage.pickNames(2) == ["b", "b"])
    #expect(stage.connected(idA) == [])
    #expect(stage.state("a") == .idle)
  }

  @Test("under pick_first, goes on with the endpoint that serves again before another is ready")
  func firstRecovers() throws {
    var stage = try awake("pick_first", [a, b, .named("c")])
    let (idA, idB) = (try stage.id("a"), try stage.id("b"))
    #expect(stage.becameUnhealthy(idA, "NOT_SERVING") == [.connect(idB, b), delay])
    #expect(stage.becameUnhealthy(idA, "SERVICE_UNKNOWN") == [])
    #expect(stage.connected(idA) == [.cancelConnect(idB), .pickerChanged])
    #expect(stage.pickName() == "a")
  }

  @Test("under pick_first, tries the next endpoint at once, though another attempt is under way")
  func firstBesideOthers() throws {
    var stage = try awake("pick_first", [a, b, .named("c"), .named("d")])
    stage.attemptDelayElapsed()
    #expect(
      stage.becameUnhealthy(try stage.id("a"), "NOT_SERVING") == [
        .connect(try stage.id("c"), .named("c")), delay,
      ])
  }

  @Test("under pick_first, has no endpoint wait for the rest of an unhealthy one")
  func firstRests() throws {
    var stage = try awake("pick_first", [a, b])
    let (idA, idB) = (try stage.id("a"), try stage.id("b"))
    stage.becameUnhealthy(idA, "NOT_SERVING")
    stage.connectFailed(idB, "refused")
    #expect(stage.disconnected(idA) == [.connect(idA, a)])
    stage.becameUnhealthy(idA, "NOT_SERVING")
    #expect(stage.disconnected(idA) == [.retry(idA, after: .seconds(1))])
    #expect(stage.retryElapsed(idB) == [.connect(idB, b)])
    #expect(stage.retryElapsed(idA) == [.connect(idA, a)])
  }

  @Test("under pick_first, fails calls when one does not serve and the other cannot be reached")
  func firstFails() throws {
    var stage = try awake("pick_first", [a, b])
    let (idA, idB) = (try stage.id("a"), try stage.id("b"))
    stage.becameUnhealthy(idA, "NOT_SERVING")
    stage.connectFailed(idB, "refused")
    #expect(stage.pick() == .fail(.allUnreachable(lastError: "refused")))
    #expect(stage.retryElapsed(idB) == [.connect(idB, b)])
    #expect(stage.disconnected(idA) == [.connect(idA, a)])
    #expect(stage.becameUnhealthy(idA, "NOT_SERVING") == [.pickerChanged])
    stage.connectFailed(idB, "refused")
    #expect(stage.connected(idA) == [.pickerChanged])
    #expect(stage.pickName() == "a")
  }
}
