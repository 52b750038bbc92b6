import FairleadBalancing
import GRPCCore
import Testing

@testable import FairleadGRPC

@Suite("A channel")
struct ChannelMachineTests {
  @Test("lets calls wait until it is run, resolved and connected")
  func coldStart() {
    var story = ChannelStory()
    story.call(1)
    story.start()
    story.call(2)
    story.resolve(80)
    story.call(3)
    #expect(story.told.isEmpty)
    story.connect(80)
    for id in 1...3 { #expect(story.told[id] == .lease("80/1")) }
  }

  @Test("needs both the transport and the SETTINGS, in either order")
  func readiness() {
    var story = ChannelStory()
    story.start()
    story.resolve(80, 81)
    story.call(1)
    let first = story.attach(80)
    #expect(story.told[1] == nil)
    story.settings(first, limit: 5)
    #expect(story.told[1] != nil)
    #expect(story.timers[.connect(first)] == nil)
    let second = story.attempt(to: 81)
    story.settings(second, limit: 5)
    #expect(story.machine.status.map(\.state) == [.ready, .connecting])
    _ = story.attach(81)
    #expect(story.machine.status.map(\.state) == [.ready, .ready])
  }

  @Test("fails calls that do not wait while the target cannot be resolved")
  func unresolved() {
    var story = ChannelStory()
    story.start()
    story.call(1)
    story.call(2, waitsForReady: true)
    story.failToResolve("no such name")
    story.call(3)
    #expect(story.told[1] == .failed(.unavailable, "no such name"))
    #expect(story.told[3] == .failed(.unavailable, "no such name"))
    #expect(story.told[2] == nil)
    story.resolve(80)
    story.connect(80)
    #expect(story.told[2] == .lease("80/1"))
  }

  @Test("says that the target has no endpoints")
  func noEndpoints() {
    var story = ChannelStory()
    story.start()
    story.resolve()
    story.call(1)
    #expect(story.told[1] == .failed(.unavailable, "The target has no endpoints."))
  }

  @Test("fails calls with the last error when no endpoint can be reached, and tries again")
  func unreachable() {
    var story = ChannelStory()
    story.start()
    story.resolve(80)
    story.call(1)
    story.call(2, waitsForReady: true)
    story.refuse(80)
    #expect(
      story.told[1]
        == .failed(
          .unavailable,
          "No endpoint can be reached; the last error: 10.0.0.1:80: connection refused"))
    #expect(story.resolveHints == 1)
    #expect(story.retries.count == 1)
    for retry in story.retries { story.elapse(retry) }
    story.connect(80)
    #expect(story.told[2] == .lease("80/2"))
  }

  @Test("gives up an attempt that takes too long")
  func connectTimeout() {
    var story = ChannelStory()
    story.start()
    story.resolve(80)
    story.call(1)
    let attempt = story.attempt(to: 80)
    story.elapse(.connect(attempt))
    #expect(story.abandoned == 1)
    #expect(
      story.told[1]
        == .failed(
          .unavailable,
          "No endpoint can be reached; the last error: 10.0.0.1:80: it did not become ready within 20.0 seconds"
        )
    )
    // The socket connects after all.
    story.attachLate(attempt, "late")
    #expect(story.closed == ["late"])
  }

  @Test("opens a second connection when the first is full, and no third")
  func grows() {
    var story = ChannelStory()
    story.start()
    story.resolve(80)
    story.connect(80, limit: 2)
    for id in 1...5 { story.call(id) }
    #expect(story.leases.count == 2)
    #expect(story.attempts(to: 80) == 1)
    story.connect(80, limit: 2)
    #expect(story.leases.count == 4)
    #expect(story.attempts(to: 80) == 0)
    story.end(1)
    #expect(story.told[5] == .lease("80/1"))
  }

  @Test("fills the oldest connection first, so that the others become idle")
  func oldestFirst() {
    var story = ChannelStory()
    story.start()
    story.resolve(80)
    story.connect(80, limit: 2)
    for id in 1...3 { story.call(id) }
    story.connect(80, limit: 2)
    story.end(1)
    story.end(2)
    story.call(4)
    story.call(5)
    #expect(story.told[4] == .lease("80/1"))
    #expect(story.told[5] == .lease("80/1"))
  }

  @Test("closes a further connection that had no call for a time, and keeps the first")
  func idleConnections() {
    var story = ChannelStory()
    story.start()
    story.resolve(80)
    story.connect(80, limit: 1)
    story.call(1)
    story.call(2)
    story.connect(80, limit: 1)
    guard let further = story.leases[2]?.connection else {
      Issue.record("The second call has no stream.")
      return
    }
    story.end(2)
    story.end(1)
    #expect(story.timers[.idle(further)] == .seconds(30))
    // A call in between begins the time anew.
    story.advance(by: .seconds(20))
    story.call(3)
    story.call(4)
    story.end(4)
    story.elapse(.idle(further))
    #expect(story.closed.isEmpty)
    story.elapse(.idle(further))
    #expect(story.closed == ["80/2"])
    #expect(story.now == .seconds(50))
    story.end(3)
    #expect(story.timers.isEmpty)
  }

  @Test("does not try a further connection again at once when it was refused")
  func growthBackoff() {
    var story = ChannelStory()
    story.start()
    story.resolve(80)
    story.connect(80, limit: 1)
    story.call(1)
    story.call(2)
    story.refuse(80)
    #expect(story.machine.status.first?.state == .ready)
    story.call(3)
    #expect(story.attempts(to: 80) == 0)
    story.end(1)
    #expect(story.told[2] == .lease("80/1"))
    #expect(story.told[3] == nil)
  }

  @Test("follows a limit that the server changes")
  func limitChanges() {
    var story = ChannelStory()
    story.start()
    story.resolve(80)
    let id = story.attach(80)
    story.settings(id, limit: 0)
    story.call(1)
    #expect(story.told[1] == nil)
    story.settings(id, limit: 1)
    #expect(story.told[1] == .lease("80/1"))
  }

  @Test("connects again at once after a GOAWAY; calls wait for it, and none fails")
  func goAway() {
    var story = ChannelStory()
    story.start()
    story.resolve(80)
    story.connect(80)
    story.call(1)
    story.lose(80)
    #expect(story.attempts(to: 80) == 1)
    #expect(story.resolveHints == 1)
    story.call(2)
    #expect(story.told[2] == nil)
    story.connect(80)
    #expect(story.told[2] == .lease("80/2"))
    // The call on the old connection ends late.
    story.end(1)
    #expect(story.machine.status.first?.active == 1)
  }

  @Test("sends calls that wait for a stream elsewhere when their endpoint goes away")
  func parkedMoveOn() {
    var story = ChannelStory {
      $0.maximumConnectionsPerEndpoint = 1
      $0.balancing = BalancingConfiguration(policy: PickFirstPolicy())
    }
    story.start()
    story.resolve(80, 81)
    story.connect(80, limit: 1)
    story.call(1)
    story.call(2)
    #expect(story.told[2] == nil)
    story.resolve(81)
    #expect(story.closed == ["80/1"])
    story.connect(81, limit: 1)
    #expect(story.told[2] == .lease("81/2"))
  }

  @Test("closes what leaves the target gracefully, and gives up what still connects")
  func drains() {
    var story = ChannelStory()
    story.start()
    story.resolve(80, 81, 82)
    story.connect(80)
    story.call(1)
    let late = story.attempt(to: 82)
    story.resolve(81)
    #expect(story.closed == ["80/1"])
    #expect(story.abandoned == 1)
    story.attachLate(late, "late")
    #expect(story.closed == ["80/1", "late"])
    story.end(1)
    #expect(story.machine.status.map(\.endpoint.address.description) == ["10.0.0.1:81"])
  }

  @Test("forgets a call that gives up")
  func cancellation() {
    var story = ChannelStory()
    story.start()
    story.call(1)
    story.call(2)
    let waited = story.giveUp(1)
    let waitedTwice = story.giveUp(1)
    #expect(waited && !waitedTwice)
    story.resolve(80)
    story.connect(80)
    #expect(story.told == [2: .lease("80/1")])
    let waitedAtTheEnd = story.giveUp(2)
    #expect(!waitedAtTheEnd)
  }

  @Test("lets no more calls wait than it may")
  func waitingLimit() {
    var story = ChannelStory { $0.maximumWaitingCalls = 2 }
    story.start()
    for id in 1...3 { story.call(id) }
    #expect(
      story.told == [
        3: .failed(
          .resourceExhausted,
          "2 calls wait for a connection already, the limit of this transport.")
      ])
  }

  @Test("keeps no trace of calls that gave up, however many")
  func cancelledCallsLeaveNothing() {
    var story = ChannelStory()
    story.start()
    for id in 1...1000 {
      story.call(id)
      _ = story.giveUp(id)
    }
    #expect(story.machine.waiting.length < 100)
  }

  @Test("fails what waits and closes what is connected when it shuts down")
  func shutdown() {
    var story = ChannelStory()
    story.start()
    story.resolve(80, 81)
    story.connect(80)
    story.call(1)
    story.lose(80)
    story.connect(80)
    story.resolve(80)
    story.lose(80)
    story.call(2, waitsForReady: true)
    story.shutDown()
    #expect(story.told[2]?.code == .unavailable)
    #expect(story.isFinished)
    #expect(story.timers.isEmpty)
    #expect(story.connecting.isEmpty)
    story.call(3)
    #expect(story.told[3]?.code == .unavailable)
    story.end(1)
  }

  @Test("tries a further connection again after a rest, for calls that wait for a stream")
  func growsAfterARest() {
    var story = ChannelStory()
    story.start()
    story.resolve(80)
    story.connect(80, limit: 1)
    story.call(1)
    story.call(2)
    story.refuse(80)
    let timers = story.timers.keys.filter { if case .grow = $0 { true } else { false } }
    for timer in timers { story.elapse(timer) }
    story.connect(80, limit: 1)
    #expect(story.told[2] == .lease("80/3"))
  }

  @Test("a timer that fires as its connection becomes ready does no harm")
  func lateConnectTimer() {
    var story = ChannelStory()
    story.start()
    story.resolve(80)
    let id = story.attempt(to: 80)
    story.connect(80)
    story.fire(.connect(id))
    story.call(1)
    #expect(story.told[1] == .lease("80/1"))
  }

  @Test("a server that goes away before the transport over its connection is ready was connected")
  func goAwayBeforeTheTransport() {
    var story = ChannelStory()
    story.start()
    story.resolve(80)
    story.call(1)
    story.settings(story.attempt(to: 80), limit: 100)
    story.refuse(80, "GOAWAY")
    #expect(story.told[1] == nil)
    #expect(story.attempts(to: 80) == 1)
    story.connect(80)
    #expect(story.told[1] == .lease("80/2"))
  }
}
