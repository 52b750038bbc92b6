import FairleadBalancing
import GRPCCore
import Testing

@testable import FairleadGRPC

@Suite("A channel that checks health (gRFC A17)")
struct ChannelHealthTests {
  @Test("sends no calls to a server that does not serve, until it does (gRFC A17)")
  func health() {
    var story = ChannelStory { $0.healthService = "greeter" }
    story.start()
    story.resolve(80)
    story.call(1)
    story.connect(80)
    #expect(story.told[1] == nil)
    story.health(80, .notServing("greeter is NOT_SERVING"))
    #expect(
      story.told[1]
        == .failed(
          .unavailable,
          "No endpoint can be reached; the last error: 10.0.0.1:80: greeter is NOT_SERVING"))
    #expect(story.machine.status.first?.state == .transientFailure)
    story.health(80, .serving)
    story.call(2)
    #expect(story.told[2] == .lease("80/1"))
    story.health(80, .notServing("greeter is NOT_SERVING"))
    story.call(3)
    #expect(story.told[3]?.code == .unavailable)
    // The connection ends: another one is tried.
    story.lose(80)
    #expect(story.attempts(to: 80) == 1)
  }

  @Test("counts the stream of the health service")
  func healthStream() {
    var story = ChannelStory {
      $0.healthService = ""
      $0.maximumConnectionsPerEndpoint = 1
    }
    story.start()
    story.resolve(80)
    story.connect(80, limit: 2)
    story.health(80, .serving)
    story.call(1)
    story.call(2)
    #expect(story.told[2] == nil)
  }

  @Test("an endpoint with two connections is never thought to connect when nobody does")
  func healthOfTwoConnections() {
    var story = ChannelStory { $0.healthService = "" }
    story.start()
    story.resolve(80)
    story.connect(80, limit: 2)
    story.health(80, .serving)
    story.call(1)
    story.call(2)
    story.connect(80, limit: 2)
    story.health(80, 1, .serving)
    #expect(story.told[2] == .lease("80/2"))
    story.health(80, 0, .notServing("draining"))
    #expect(story.machine.status.first?.state == .ready)
    story.health(80, 1, .notServing("draining"))
    #expect(story.machine.status.first?.state == .transientFailure)
    // One goes, the other lives and does not serve: nothing to connect, and calls fail at once.
    story.lose(80)
    #expect(story.attempts(to: 80) == 0)
    story.call(3)
    #expect(story.told[3]?.code == .unavailable)
    // The last one goes.
    story.lose(80)
    #expect(story.attempts(to: 80) == 1)
    story.refuse(80)
    #expect(story.retries.count == 1)
    for retry in story.retries { story.elapse(retry) }
    story.connect(80, limit: 2)
    story.health(80, .serving)
    story.call(4)
    #expect(story.told[4] == .lease("80/4"))
  }

  @Test("a connection that is lost before its server's health is known counts as a failed attempt")
  func lostWhileChecking() {
    var story = ChannelStory { $0.healthService = "" }
    story.start()
    story.resolve(80)
    story.connect(80)
    story.lose(80)
    #expect(story.retries.count == 1)
    #expect(story.machine.status.first?.lastError == "10.0.0.1:80: GOAWAY")
  }
}
