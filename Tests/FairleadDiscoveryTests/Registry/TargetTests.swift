import FairleadBalancing
import Testing

@testable import FairleadDiscovery

@Suite struct TargetTests {
  let registry = ResolverRegistry.standard

  @Test(
    "targets are read as gRPC reads them",
    arguments: [
      ("dns:///greeter:80", Target(scheme: "dns", path: "/greeter:80")),
      (
        "dns://10.0.0.2:53/greeter",
        Target(scheme: "dns", authority: "10.0.0.2:53", path: "/greeter")
      ),
      ("dns:greeter:80", Target(scheme: "dns", path: "greeter:80")),
      ("DNS:greeter", Target(scheme: "dns", path: "greeter")),
      ("greeter", Target(scheme: "dns", path: "greeter")),
      ("localhost:50051", Target(scheme: "dns", path: "localhost:50051")),
      ("unix:/run/a.sock", Target(scheme: "unix", path: "/run/a.sock")),
      ("unix:///run/a.sock", Target(scheme: "unix", path: "/run/a.sock")),
      ("ipv6:[::1]:80", Target(scheme: "ipv6", path: "[::1]:80")),
    ])
  func reads(_ text: String, _ expected: Target) throws {
    let target = try registry.target(text)
    #expect(target == expected)
    #expect(try registry.target(target.description) == target)
  }

  @Test(
    "a malformed target gives one sentence that names it",
    arguments: [
      "", "dns:", "dns:///", "dns://greeter", "dns:///gree ter:80", "dns:///a:b:c",
      "dns:///a:99999",
      "dns:///a:", "dns:///b%ad:80", "dns://server/a:1", "dns:///a..b", "nope:///a", "1x://y/z",
      "://x/y",
      "ipv4:10.0.0:1", "ipv4:::1", "ipv4:1.2.3.4:0", "ipv4:1.2.3.4,", "ipv6:1.2.3.4",
      "ipv4://x/1.2.3.4", "static:///greeter:80", "passthrough:///greeter", "unix://x/y",
      "file://x/y",
    ])
  func refuses(_ text: String) throws {
    let failure = try #require(throws: ResolutionFailure.self) {
      _ = try registry.resolver(for: try registry.target(text), options: quickOptions())
    }
    #expect(failure.kind == .malformed)
    #expect(failure.message.hasSuffix("."))
    #expect(failure.message.contains("\"\(text)\"") || failure.message.contains("scheme"))
  }

  @Test(
    "constant targets give their addresses in order",
    arguments: [
      ("passthrough:///greeter:80", ["greeter:80"]),
      ("ipv4:10.0.0.2:80,10.0.0.1", ["10.0.0.2:80", "10.0.0.1:443"]),
      ("ipv6:[::1]:80,2001:db8::1", ["[::1]:80", "[2001:db8::1]:443"]),
      ("static:///[::1]:80,10.0.0.1:81", ["[::1]:80", "10.0.0.1:81"]),
      ("unix:///run/a.sock", ["unix:/run/a.sock"]),
    ])
  func constants(_ text: String, _ expected: [String]) async throws {
    let resolver = try registry.resolver(for: try registry.target(text), options: quickOptions())
    var reader = resolver.makeAsyncIterator()
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await resolver.run() }
      let resolution = await reader.next()
      #expect(resolution?.endpoints.map(\.endpoint.address.description) == expected)
      group.cancelAll()
    }
  }

  @Test("a scheme of one's own is added to a copy")
  func ownScheme() throws {
    var mine = registry
    mine.register("Mine") { _, _ in StaticSource([]) }
    #expect(mine.schemes.contains("mine"))
    #expect(try mine.target("mine:x").scheme == "mine")
    #expect(!registry.schemes.contains("mine"))
  }
}
