import FairleadBalancing
import Testing

@Suite("Under pick_first, happy eyeballs")
struct BalancerEyeballsTests {
  private let a = Endpoint.named("a")
  private let b = Endpoint.named("b")
  private let c = Endpoint.named("c")
  private let delay = Balancer.Action.attempt(after: .milliseconds(250))

  private func awake(
    _ endpoints: [Endpoint], attemptDelay: Duration = .milliseconds(250)
  ) throws -> Stage {
    var stage = try Stage("pick_first", attemptDelay: attemptDelay)
    stage.update(endpoints)
    stage.wake()
    return stage
  }

  @Test("start the next attempt beside one that takes long, and let the first that succeeds win")
  func besideEachOther() throws {
    var stage = try awake([a, b, c])
    let (idA, idB, idC) = (try stage.id("a"), try stage.id("b"), try stage.id("c"))
    #expect(stage.attemptDelays == [.milliseconds(250)])
    #expect(stage.attemptDelayElapsed() == [.connect(idB, b), delay])
    #expect(stage.attemptDelayElapsed() == [.connect(idC, c)])
    #expect(stage.attempts.count == 3)
    #expect(stage.attemptDelayElapsed() == [])
    #expect(stage.pick() == .wait)
    #expect(
      stage.connected(idB) == [.cancelConnect(idA), .cancelConnect(idC), .pickerChanged])
    #expect(stage.pickName() == "b")
    #expect(["a", "c"].map(stage.state) == [.idle, .idle])
  }

  @Test("take no notice of what becomes of an attempt that was given up")
  func lateSuccess() throws {
    var stage = try awake([a, b])
    let (idA, idB) = (try stage.id("a"), try stage.id("b"))
    stage.attemptDelayElapsed()
    stage.connected(idB)
    #expect(stage.connected(idA) == [])
    #expect(stage.disconnected(idA) == [])
    #expect(stage.connectFailed(idA, "late") == [])
    #expect(stage.becameUnhealthy(idA, "late") == [])
    #expect(stage.pickNames(3) == ["b", "b", "b"])
    #expect(stage.balancer.subchannels.map(\.lastError) == [nil, nil])
  }

  @Test("start the next attempt at once when one fails, whichever it is, and the delay anew")
  func failsEarly() throws {
    var stage = try awake([a, b, c, .named("d")])
    let (idA, idB, idC) = (try stage.id("a"), try stage.id("b"), try stage.id("c"))
    stage.attemptDelayElapsed()
    #expect(stage.connectFailed(idA, "refused").suffix(2) == [.connect(idC, c), delay])
    #expect(stage.connectFailed(idB, "refused").last == .connect(try stage.id("d"), .named("d")))
    #expect(stage.attempts.count == 2)
    #expect(stage.attemptDelayElapsed() == [])
  }

  @Test("need no delay for the only endpoint, nor for the last")
  func last() throws {
    var stage = try awake([a])
    #expect(stage.attemptDelays.isEmpty)
    stage.update([a, b])
    #expect(stage.attemptDelays.count == 1)
    #expect(stage.attemptDelayElapsed() == [.connect(try stage.id("b"), b)])
    #expect(stage.attemptDelays.count == 1)
  }

  @Test(
    "keep the delay between 100 ms and 2 s",
    arguments: [(0, 100), (99, 100), (100, 100), (700, 700), (2000, 2000), (2001, 2000)])
  func bounds(asked: Int, given: Int) throws {
    let stage = try awake([a, b], attemptDelay: .milliseconds(asked))
    #expect(stage.attemptDelays == [.milliseconds(given)])
  }

  @Test("try address families in turn, beginning with the first one's")
  func families() throws {
    let hosts = ["::1", "::2", "::3", "10.0.0.1", "::ffff:10.0.0.2"]
    let addresses = hosts.map { EndpointAddress.ip(host: $0, port: 1) } + [.unix(path: "/x")]
    var stage = try awake(addresses.map { Endpoint(address: $0) })
    var order = Array(stage.attempts.values.map(\.name))
    while case .connect(_, let endpoint) = stage.attemptDelayElapsed().first {
      order.append(endpoint.name)
    }
    #expect(
      order == ["[::1]:1", "10.0.0.1:1", "unix:/x", "[::2]:1", "[::ffff:10.0.0.2]:1", "[::3]:1"])
  }

  @Test("go through a set that has changed meanwhile: the attempt stays, its delay goes on")
  func updateInPass() throws {
    var stage = try awake([a, b])
    let idA = try stage.id("a")
    #expect(stage.update([c, a]) == [.drain(SubchannelID(index: 1))])
    #expect(stage.attemptDelayElapsed() == [.connect(try stage.id("c"), c)])
    #expect(stage.connected(idA) == [.cancelConnect(try stage.id("c")), .pickerChanged])
  }

  @Test("go on at once when the only attempt's endpoint leaves; not while there is another one")
  func attemptLeaves() throws {
    var stage = try awake([a, b, c])
    let (idA, idB) = (try stage.id("a"), try stage.id("b"))
    stage.attemptDelayElapsed()
    #expect(stage.update([b, c]) == [.drain(idA)])
    #expect(stage.update([c]) == [.drain(idB), .connect(try stage.id("c"), c)])
    #expect(stage.attemptDelayElapsed() == [])
    #expect(stage.connectFailed(idA, "late") == [])
    stage.connectAll()
    #expect(stage.pickName() == "c")
  }

  @Test("take no notice of a delay that ends when nobody is left to be tried")
  func lateDelay() throws {
    var stage = try awake([a, b])
    stage.update([a])
    #expect(stage.attemptDelayElapsed() == [])
    #expect(stage.update([a, b]) == [delay])
    stage.update([a])
    stage.update([])
    #expect(stage.attemptDelayElapsed() == [])
    #expect(stage.pick() == .fail(.noEndpoints))
    #expect(stage.update([b, c]).suffix(2) == [delay, .pickerChanged])
    #expect(stage.pick() == .wait)
  }

  @Test("begin anew, with the delay, after a connection that won and was lost")
  func nextPass() throws {
    var stage = try awake([a, b, c])
    let (idA, idB) = (try stage.id("a"), try stage.id("b"))
    stage.attemptDelayElapsed()
    stage.connected(idB)
    try stage.call("b")
    #expect(stage.disconnected(idB) == [.connect(idA, a), delay, .pickerChanged])
    #expect(stage.attemptDelayElapsed() == [.connect(idB, b), delay])
    #expect(stage.connected(idA) == [.cancelConnect(idB), .pickerChanged])
  }
}
