import FairleadBalancing
import FairleadDiscovery
import FairleadTestSupport
import GRPCCore
import GRPCNIOTransportHTTP2Posix
import Testing

@testable import FairleadGRPC

@Suite("Names for grpc-swift's transports")
struct ResolvedNamesTests {
  private let source = WatchedSource()
  private let one = EndpointAddress.ip(host: "10.0.0.1", port: 80)
  private let two = EndpointAddress.ip(host: "10.0.0.2", port: 80)

  private func resolver(
    _ target: String = "watched:///greeter", repeating interval: Duration = .seconds(3600)
  ) -> NameResolver {
    NameResolvers.Fairlead(
      registry: source.registry, options: DiscoveryOptions(seed: 1), repeatInterval: interval
    ).resolver(for: .fairlead(target))
  }

  private func addresses(_ result: NameResolutionResult?) -> [String] {
    result?.endpoints.map { $0.addresses.map { "\($0)" }.joined(separator: " ") } ?? []
  }

  @Test("are pushed, with an endpoint for each address")
  func pushed() async throws {
    let resolver = resolver()
    #expect(resolver.updateMode == .push)
    source.set([
      one, .ip(host: "2001:db8::1", port: 8080), .unix(path: "/run/greeter.sock"),
    ])
    var names = resolver.names.makeAsyncIterator()
    let first = try await names.next()
    #expect(
      addresses(first) == [
        "[ipv4]10.0.0.1:80", "[ipv6]2001:db8::1:8080", "[unix]/run/greeter.sock",
      ])
    #expect(first?.serviceConfig == nil)
    source.set([two])
    #expect(addresses(try await names.next()) == ["[ipv4]10.0.0.2:80"])
  }

  @Test("can be had by many iterators, and again after one failed")
  func repeatable() async throws {
    let resolver = resolver()
    source.set([])
    var empty = resolver.names.makeAsyncIterator()
    let error = await #expect(throws: RPCError.self) { try await empty.next() }
    #expect(error?.code == .unavailable)
    #expect(
      error?.message
        == "The target watched:///greeter has no endpoints; check that its servers are ready.")
    source.set([one])
    var first = resolver.names.makeAsyncIterator()
    var second = resolver.names.makeAsyncIterator()
    #expect(addresses(try await first.next()) == ["[ipv4]10.0.0.1:80"])
    #expect(addresses(try await second.next()) == ["[ipv4]10.0.0.1:80"])
  }

  @Test("are resolved while somebody asks for them, and only then")
  func lifetime() async throws {
    let resolver = resolver()
    source.set([one])
    do {
      var names = resolver.names.makeAsyncIterator()
      #expect(source.watches == 0)
      _ = try await names.next()
      #expect(source.watchers == 1)
    }
    await expectEventually("nobody watches any more") { source.watchers == 0 }
    source.set([])
    var names = resolver.names.makeAsyncIterator()
    await #expect(throws: RPCError.self) { try await names.next() }
    await expectEventually("nobody watches after an error") { source.watchers == 0 }
    #expect(source.watches == 2)
  }

  @Test("end with a CancellationError, which the transport takes for its own end")
  func cancelled() async throws {
    let names = resolver().names
    source.set([one])
    try await withThrowingTaskGroup(of: Void.self) { group in
      let started = Gate()
      group.addTask {
        var names = names.makeAsyncIterator()
        _ = try await names.next()
        started.open()
        await #expect(throws: CancellationError.self) { try await names.next() }
        // And stay so.
        await #expect(throws: CancellationError.self) { try await names.next() }
      }
      await started.wait()
      group.cancelAll()
      try await group.waitForAll()
    }
    await expectEventually("nobody watches any more") { source.watchers == 0 }
  }

  @Test("are told again while they stay the same, because the transport forgets some")
  func again() async throws {
    var names = resolver(repeating: .milliseconds(1)).names.makeAsyncIterator()
    source.set([one])
    for _ in 0..<3 {
      #expect(addresses(try await names.next()) == ["[ipv4]10.0.0.1:80"])
    }
  }

  @Test("fail with what is wrong with the target")
  func malformed() async throws {
    for (target, words) in [
      ("watched://", "is malformed"), ("nobody:///x", "there is no scheme \"nobody\""),
      ("ipv4:greeter", "is no address of its kind"),
    ] {
      let resolver = resolver(target)
      var names = resolver.names.makeAsyncIterator()
      let error = await #expect(throws: RPCError.self) { try await names.next() }
      #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
    }
  }

  @Test(
    "go with the authority that the target names, if it names one",
    arguments: [
      ("dns:///greeter.test:8080", "greeter.test:8080"), ("greeter.test", "greeter.test"),
      ("dns://10.0.0.1:53/greeter:http", "greeter"), ("watched:///greeter", "greeter"),
      ("passthrough:///10.0.0.1:80", "10.0.0.1:80"), ("dns:///[::1]:80", "[::1]:80"),
      ("unix:///run/greeter.sock", "localhost"), ("ipv4:10.0.0.1:80,10.0.0.2:80", nil),
      ("ipv6:[::1]:80", nil), ("static:///10.0.0.1:80", nil), ("file:///greeter.json", nil),
      ("nobody:///x", "x"), ("watched://", nil),
    ])
  func authority(target: String, authority: String?) {
    #expect(resolver(target).authority == authority)
  }
}
