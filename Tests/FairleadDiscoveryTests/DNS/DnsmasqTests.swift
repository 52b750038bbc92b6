import FairleadBalancing
import FairleadDiscoveryTesting
import Testing

@testable import FairleadDiscovery

@Suite(
  .timeLimit(.minutes(1)),
  .enabled(if: Dnsmasq.isInstalled, "dnsmasq is not installed (Debian: dnsmasq-base)."))
struct DnsmasqTests {
  private func resolver(_ server: Dnsmasq, _ port: String = "8080") throws -> Resolver {
    let registry = ResolverRegistry.standard
    let target = try registry.target("dns://127.0.0.1:\(server.port)/greeter.test:\(port)")
    return try registry.resolver(for: target, options: quickOptions())
  }

  private func address(_ host: String, _ port: Int = 8080) -> EndpointAddress {
    .ip(host: host, port: port)
  }

  /// The endpoints of the first resolution without a failure: the server may be starting.
  private func endpoints(_ resolver: Resolver) async -> [Endpoint] {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await resolver.run() }
      defer { group.cancelAll() }
      for await resolution in resolver where resolution.failure == nil {
        return resolution.endpoints.map(\.endpoint)
      }
      return []
    }
  }

  @Test("three addresses, a changed zone, a stopped server and a name that goes keep the contract")
  func conformance() async throws {
    let server = try Dnsmasq(["10.0.0.1", "10.0.0.2", "2001:db8::1"])
    let first: Set = [address("10.0.0.1"), address("10.0.0.2"), address("2001:db8::1")]
    let resolver = try resolver(server)
    // It may take a moment to start.
    _ = await endpoints(resolver)
    try await ResolverConformance(
      ResolverFixture(
        resolver, initial: first,
        change: {
          try server.serve(["10.0.0.2", "10.0.0.4"])
          return [address("10.0.0.2"), address("10.0.0.4")]
        },
        empty: { try server.serve([]) },
        breakDown: { server.stop() },
        repair: { try server.start() })
    ).run()
  }

  @Test("an answer that is too long for UDP comes by TCP")
  func truncated() async throws {
    let hosts = (1...200).map { "10.0.1.\($0)" }
    let server = try Dnsmasq(hosts)
    let found = await endpoints(try resolver(server))
    #expect(Set(found.map(\.address)) == Set(hosts.map { address($0) }))
  }

  @Test("a named port is looked up as a service, with its weights")
  func services() async throws {
    let server = try Dnsmasq(["10.0.0.1"])
    let found = await endpoints(try resolver(server, "grpc"))
    #expect(found.map(\.address) == [address("10.0.0.1", 9000)])
    #expect(found.map(\.weight) == [5])
  }

  @Test("a lookup that waits for a silent server ends soon after it is cancelled")
  func cancelled() async throws {
    // Bound, and answered by nobody.
    let silent = try LoopbackSocket()
    let target = try DNSTarget(
      Target(scheme: "dns", authority: "127.0.0.1:\(silent.port)", path: "/greeter.test:80"))
    var options = DNSOptions()
    options.queryTimeout = .seconds(60)
    let lookup = options
    let outcome = await withTaskGroup(of: DNSOutcome.self) { group in
      group.addTask { await CAresLookup.run(target, options: lookup) }
      group.cancelAll()
      return await group.next()
    }
    guard case .failed = outcome else {
      Issue.record("Cut short, it is a failure: \(String(describing: outcome))")
      return
    }
  }
}
