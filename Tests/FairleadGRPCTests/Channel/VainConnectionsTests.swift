import FairleadBalancing
import Testing

@testable import FairleadGRPC

@Suite("A server that takes connections and no calls")
struct VainConnectionsTests {
  private func story(
    limit: Int?, policy: any Policy = PickFirstPolicy(), ports: [Int] = [80]
  ) -> ChannelStory {
    var story = ChannelStory {
      $0.balancing = BalancingConfiguration(policy: policy)
      $0.settleTime = .seconds(5)
      $0.maximumVainConnections = limit
    }
    story.start()
    story.resolve(ports: ports)
    return story
  }

  /// The connection is ended before a call could have it.
  private func lose(_ story: inout ChannelStory) {
    story.connect(80)
    story.lose(80)
    for timer in story.retries { story.elapse(timer) }
  }

  @Test("keeps calls waiting, if nothing else is asked for")
  func waits() {
    var story = story(limit: nil)
    for _ in 0..<20 { lose(&story) }
    story.call(1)
    #expect(story.told[1] == nil)
  }

  @Test("fails the calls that wait, and those after them, with why the last connection went")
  func fails() {
    var story = story(limit: 3)
    for _ in 0..<2 { lose(&story) }
    story.call(1)
    story.call(2, waitsForReady: true)
    #expect(story.told[1] == nil)
    // The call would have the connection, if its server had not gone before the transport over it is ready.
    story.goAwayAtOnce(80)
    let failure = ChannelStory.Told.failed(
      .unavailable, "\(ChannelFailure.shortLived)10.0.0.1:80: GOAWAY")
    #expect(story.told[1] == failure)
    #expect(story.told[2] == nil)
    story.call(3)
    #expect(story.told[3] == failure)
    // It comes to its senses.
    for timer in story.retries { story.elapse(timer) }
    story.connect(80)
    #expect(story.told[2] != nil)
    story.call(4)
    #expect(story.leases[4] != nil)
  }

  @Test("fails no call while another endpoint connects for the first time")
  func others() {
    var story = story(limit: 3, policy: RoundRobinPolicy(), ports: [80, 81, 82, 83])
    for _ in 0..<4 {
      for port in [80, 81] {
        story.goAwayAtOnce(port)
        for timer in story.retries { story.elapse(timer) }
      }
    }
    story.call(1)
    // Two are connecting for the first time; then one cannot be reached.
    #expect(story.told[1] == nil)
    story.refuse(83)
    #expect(story.told[1] == nil)
    story.connect(82)
    story.elapse(.settle)
    #expect(story.leases[1] != nil)
    story.end(1)
    // One that carried calls is not given up with the others.
    story.lose(82)
    story.call(2)
    #expect(story.told[2] == nil)
  }

  @Test("fails calls when all other endpoints do the same or cannot be reached")
  func all() {
    var story = story(limit: 2, policy: RoundRobinPolicy(), ports: [80, 81])
    story.call(1)
    story.refuse(81)
    story.goAwayAtOnce(80)
    #expect(story.told[1] == nil)
    for timer in story.retries { story.elapse(timer) }
    story.goAwayAtOnce(80)
    #expect(
      story.told[1] == .failed(.unavailable, "\(ChannelFailure.shortLived)10.0.0.1:80: GOAWAY"))
  }

  @Test("is told from one that ends connections after calls")
  func ends() {
    var story = story(limit: 3)
    for call in 1...10 {
      story.connect(80)
      story.call(call)
      story.end(call)
      story.lose(80)
    }
    story.call(11)
    #expect(story.told[11] == nil)
  }
}
