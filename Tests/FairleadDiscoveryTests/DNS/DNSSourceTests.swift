import FairleadBalancing
import FairleadTestSupport
import Synchronization
import Testing

@testable import FairleadDiscovery

@Suite(.timeLimit(.minutes(1))) struct DNSSourceTests {
  /// Answers from a list, the last one again and again.
  private final class Script: Sendable {
    private let state: Mutex<(outcomes: [DNSOutcome], lookups: Int)>

    init(_ outcomes: DNSOutcome...) {
      state = Mutex((outcomes, 0))
    }

    var lookups: Int { state.withLock(\.lookups) }

    func next() -> DNSOutcome {
      state.withLock { state in
        state.lookups += 1
        return state.outcomes[min(state.lookups, state.outcomes.count) - 1]
      }
    }
  }

  private func resolver(
    _ script: Script, clock: HeldClock, _ change: (inout DNSOptions) -> Void = { _ in }
  ) throws -> Resolver {
    var options = DiscoveryOptions(seed: 1)
    options.resolver.clock = clock
    options.resolver.minimumInterval = .zero
    change(&options.dns)
    let target = try DNSTarget(Target(scheme: "dns", path: "/greeter.test:80"))
    let source = DNSSource(target, options: options) { _, _ in script.next() }
    return Resolver(source, options: options.resolver)
  }

  @Test("a hint is followed when the least time since the last lookup is over, and not before")
  func hint() async throws {
    let clock = HeldClock()
    let script = Script(.found([pod(1)], missing: [], ttl: .seconds(300)))
    let resolver = try resolver(script, clock: clock)
    var reader = resolver.makeAsyncIterator()
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await resolver.run() }
      #expect(await reader.next()?.endpoints == resolved(1))
      // Two sleep: the least rest, and the hints' own.
      resolver.resolveNow()
      try #require(await eventually { clock.sleeperCount == 2 })
      #expect(script.lookups == 1)
      clock.wakeAll()
      try #require(await eventually { script.lookups == 2 })
      group.cancelAll()
    }
  }

  @Test("a name that goes while nothing runs keeps its grace in the next run")
  func graceOutlivesRun() async throws {
    let script = Script(.found([pod(1)], missing: [], ttl: .seconds(300)), .noSuchName)
    let resolver = try resolver(script, clock: HeldClock())
    for failure in [nil, ResolutionFailure.Kind.notFound] {
      await withTaskGroup(of: Void.self) { group in
        group.addTask { await resolver.run() }
        for await resolution in resolver where resolution.failure?.kind == failure {
          #expect(resolution.endpoints == resolved(1))
          break
        }
        group.cancelAll()
      }
    }
  }
}
