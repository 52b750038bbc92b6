import FairleadBalancing
import Testing

@testable import FairleadGRPC

/// Every change reaches the machine here; over sockets, a resolver makes one of those that come in a
/// burst.
@Suite("A channel under endless change")
struct ChannelChurnTests {
  @Test("forgets all that has gone after ten thousand sets of endpoints")
  func endpoints() {
    let random = RandomSource(seed: 7)
    var story = ChannelStory()
    story.start()
    for change in 1...10_000 {
      story.resolve(ports: (80..<90).filter { _ in random.next(below: 2) == 0 } + [90])
      if story.attempts(to: 90) > 0 { story.connect(90) }
      story.call(change)
      story.happen(random)
      if story.leases[change] != nil { story.end(change) }
    }
    story.resolve(ports: [90])
    #expect(story.machine.pools.count { $0 != nil } == 1)
    #expect(story.connecting.count + story.open.count == 1)
    #expect(story.machine.waiting.count == 0)
    #expect(story.machine.waiting.length == 0)
    #expect(story.leases.isEmpty)
    #expect(story.told.count == 10_000)
    #expect(story.timers.isEmpty)
  }

  @Test("forgets a thousand connections that were told to go away")
  func goAway() {
    var story = ChannelStory()
    story.start()
    story.resolve(80)
    for call in 1...1000 {
      story.connect(80)
      story.call(call)
      story.lose(80)
      story.end(call)
    }
    story.connect(80)
    #expect(story.machine.pools.count { $0 != nil } == 1)
    #expect(story.open.count == 1)
    #expect(story.machine.status.map(\.active) == [0])
    #expect(story.machine.status.map(\.total) == [1000])
    #expect(story.timers.isEmpty)
  }
}
