import FairleadTestSupport
import Synchronization
import Testing

@testable import FairleadDiscovery

@Suite(.timeLimit(.minutes(1))) struct ResolverTests {
  @Test("a burst becomes its beginning and its end")
  func burst() async throws {
    let clock = HeldClock()
    let source = ManualSource()
    var options = ResolverOptions()
    options.clock = clock
    let resolver = Resolver(source, options: options)
    var reader = resolver.makeAsyncIterator()
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await resolver.run() }
      source.set(resolved(1))
      #expect(await reader.next()?.endpoints == resolved(1))
      try #require(await eventually { clock.sleeperCount == 1 })
      for number in 2...50 { source.set(resolved(number)) }
      clock.wakeAll()
      #expect(await reader.next()?.endpoints == resolved(50))
      group.cancelAll()
    }
    #expect(await reader.next() == nil)
  }

  @Test("a slow reader gets the latest only, and a fast one everything")
  func slowReader() async throws {
    let source = ManualSource()
    var options = ResolverOptions()
    options.minimumInterval = .zero
    let resolver = Resolver(source, options: options)
    var slow = resolver.makeAsyncIterator()
    var fast = resolver.makeAsyncIterator()
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await resolver.run() }
      for number in 1...10 {
        source.set(resolved(number))
        #expect(await fast.next()?.endpoints == resolved(number))
      }
      #expect(await slow.next()?.endpoints == resolved(10))
      group.cancelAll()
    }
  }

  // The reader is cancelled while it is told something: it leaves as the resolver yields to it.
  @Test("readers may leave at any time")
  func leavingReaders() async throws {
    let source = ManualSource()
    var options = ResolverOptions()
    options.minimumInterval = .zero
    let resolver = Resolver(source, options: options)
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await resolver.run() }
      for round in 1...5000 {
        await withTaskGroup(of: Void.self) { readers in
          for _ in 0..<4 { readers.addTask { for await _ in resolver {} } }
          source.set(resolved(round))
          readers.cancelAll()
        }
      }
      group.cancelAll()
    }
  }

  @Test("hints that come too soon are one, and come when their time has come")
  func hints() async throws {
    let clock = HeldClock()
    let source = CountingSource()
    var options = ResolverOptions()
    options.clock = clock
    options.minimumInterval = .zero
    let resolver = Resolver(source, options: options)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await resolver.run() }
      for _ in 0..<100 { resolver.resolveNow() }
      try #require(await eventually { source.hints == 1 && clock.sleeperCount == 1 })
      for _ in 0..<100 { resolver.resolveNow() }
      #expect(source.hints == 1)
      clock.wakeAll()
      #expect(await eventually { source.hints == 2 })
      group.cancelAll()
    }
  }

  @Test("a second run beside the first returns at once")
  func secondRun() async {
    let source = ManualSource()
    source.set(resolved(1))
    let resolver = Resolver(source)
    var reader = resolver.makeAsyncIterator()
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await resolver.run() }
      #expect(await reader.next()?.endpoints == resolved(1))
      await resolver.run()
      source.set(resolved(2))
      #expect(await reader.next()?.endpoints == resolved(2))
      group.cancelAll()
    }
  }
}

/// Counts the hints that it gets.
private final class CountingSource: EndpointSource {
  private let count = Mutex(0)

  var hints: Int { count.withLock { $0 } }

  func watch(_ feed: ResolutionFeed, hints: ResolverHints) async {
    while await hints.wait() { count.withLock { $0 += 1 } }
  }
}
