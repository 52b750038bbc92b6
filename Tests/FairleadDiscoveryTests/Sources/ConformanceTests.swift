import FairleadBalancing
import FairleadDiscovery
import FairleadDiscoveryTesting
import Foundation
import Testing

@Suite(.timeLimit(.minutes(1))) struct ConformanceTests {
  @Test("static endpoints keep the contract")
  func constant() async throws {
    let resolver = Resolver(StaticSource([pod(1), pod(2)]), options: quickOptions().resolver)
    try await ResolverConformance(
      ResolverFixture(resolver, initial: [pod(1).address, pod(2).address])
    ).run()
  }

  @Test("endpoints that a program sets keep the contract")
  func manual() async throws {
    let source = ManualSource()
    source.set([pod(1), pod(2)])
    try await ResolverConformance(
      ResolverFixture(
        Resolver(source, options: quickOptions().resolver),
        initial: [pod(1).address, pod(2).address],
        change: {
          source.set([pod(2), pod(3)])
          return [pod(2).address, pod(3).address]
        },
        empty: { source.set([Endpoint]()) },
        breakDown: { source.fail(outage) },
        repair: { source.set([pod(1), pod(2)]) })
    ).run()
  }

  @Test("a watched file keeps the contract")
  func file() async throws {
    let file = try TemporaryFile("- 10.0.0.1:80\n- 10.0.0.2:80\n")
    let path = file.path
    let registry = ResolverRegistry.standard
    let resolver = try registry.resolver(
      for: registry.target("file://\(path)"), options: quickOptions())
    try await ResolverConformance(
      ResolverFixture(
        resolver, initial: [pod(1).address, pod(2).address],
        change: {
          try TemporaryFile.write("- 10.0.0.3:80\n", to: path)
          return [pod(3).address]
        },
        empty: { try TemporaryFile.write("[]\n", to: path) },
        breakDown: { try FileManager.default.removeItem(atPath: path) },
        repair: { try TemporaryFile.write("- 10.0.0.1:80\n- 10.0.0.2:80\n", to: path) })
    ).run()
    _ = file.path
  }

  @Test("a resolver that forgets its endpoints in an outage does not keep the contract")
  func suiteNotices() async throws {
    let source = ManualSource()
    source.set([pod(1)])
    let fixture = ResolverFixture(
      Resolver(source, options: quickOptions().resolver), initial: [pod(1).address],
      breakDown: {
        source.set([Endpoint]())
        source.fail(outage)
      },
      repair: { source.set([pod(1)]) })
    await #expect(throws: ConformanceFailure.self) {
      try await ResolverConformance(fixture).run()
    }
  }
}
