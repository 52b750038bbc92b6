import FairleadBalancing
import Testing

@testable import FairleadDiscovery

@Suite struct DNSLookupTests {
  private func lookUp(_ target: String, _ session: ScriptedSession) throws -> DNSOutcome {
    let target = try ResolverRegistry.standard.target(target)
    return DNSLookup(session: session).run(try DNSTarget(target))
  }

  private func endpoint(_ host: String, _ port: Int, weight: Int = 1) -> Endpoint {
    Endpoint(address: .ip(host: host, port: port), weight: weight)
  }

  @Test("A and AAAA together give one endpoint for each address, in one order, with the least TTL")
  func both() throws {
    let session = ScriptedSession()
    session.v4["a.test"] = .records(["10.0.0.2", "10.0.0.1"], ttl: .seconds(30))
    session.v6["a.test"] = .records(["::1"], ttl: .seconds(5))
    let all = [endpoint("10.0.0.1", 80), endpoint("10.0.0.2", 80), endpoint("::1", 80)]
    #expect(try lookUp("dns:///a.test:80", session) == .found(all, missing: [], ttl: .seconds(5)))
  }

  @Test("search domains are gone through in order, and a name as it is comes where ndots says")
  func search() throws {
    let search = DNSSearch(ndots: 2, domains: ["x.test", "test", "."])
    #expect(search.candidates(for: "a") == ["a.x.test", "a.test", "a"])
    #expect(search.candidates(for: "a.b.c") == ["a.b.c", "a.b.c.x.test", "a.b.c.test"])
    #expect(search.candidates(for: "a.b.") == ["a.b"])
    let session = ScriptedSession(search: search)
    session.v4["a.test"] = .records(["10.0.0.1"], ttl: .seconds(30))
    let expected = DNSOutcome.found([endpoint("10.0.0.1", 80)], missing: [], ttl: .seconds(30))
    #expect(try lookUp("dns:///a:80", session) == expected)
    #expect(session.asked == ["a.x.test", "a.test"])
  }

  @Test("a server that fails ends the search: the next name may be another's")
  func failureEndsSearch() throws {
    let session = ScriptedSession(search: DNSSearch(ndots: 1, domains: ["x.test", "test"]))
    session.v4["a.x.test"] = .failed("timeout")
    session.v4["a.test"] = .records(["10.0.0.1"], ttl: .seconds(30))
    #expect(try lookUp("dns:///a:80", session) == .failed("timeout"))
  }

  @Test("one kind of address that fails is said to be missing")
  func halfAnOutage() throws {
    let session = ScriptedSession()
    session.v4["a.test"] = .records(["10.0.0.1"], ttl: .seconds(30))
    session.v6["a.test"] = .failed("timeout")
    let expected = DNSOutcome.found([endpoint("10.0.0.1", 80)], missing: [.v6], ttl: .seconds(30))
    #expect(try lookUp("dns:///a.test:80", session) == expected)
  }

  @Test("no records, no name and no answer are three things")
  func nothing() throws {
    let session = ScriptedSession()
    session.v6["empty.test"] = .noRecords
    session.v4["dead.test"] = .failed("refused")
    session.v6["dead.test"] = .noRecords
    #expect(try lookUp("dns:///empty.test:80", session) == .empty)
    #expect(try lookUp("dns:///gone.test:80", session) == .noSuchName)
    #expect(try lookUp("dns:///dead.test:80", session) == .failed("refused"))
  }

  @Test("a named port leads to servers, ports and weights of the best priority")
  func services() throws {
    let session = ScriptedSession()
    session.services["_grpc._tcp.a.test"] = .records(
      [
        DNSService(host: "one.test", port: 9001, priority: 1, weight: 3),
        DNSService(host: "two.test", port: 9002, priority: 1, weight: 0),
        DNSService(host: "spare.test", port: 9003, priority: 2, weight: 1),
      ], ttl: .seconds(7))
    for (name, host) in [("one", "10.0.0.1"), ("two", "10.0.0.2"), ("spare", "10.0.0.3")] {
      session.v4["\(name).test"] = .records([host], ttl: .seconds(30))
    }
    let both = [endpoint("10.0.0.1", 9001, weight: 3), endpoint("10.0.0.2", 9002)]
    #expect(
      try lookUp("dns:///a.test:grpc", session) == .found(both, missing: [], ttl: .seconds(7)))
    session.v4["two.test"] = .failed("timeout")
    #expect(try lookUp("dns:///a.test:grpc", session) == .failed("timeout"))
  }

  @Test("the hosts file and addresses ask nobody")
  func local() throws {
    let session = ScriptedSession()
    session.hosts["localhost"] = ["127.0.0.1"]
    guard case .found(let listed, _, _) = try lookUp("dns:///localhost", session),
      case .found(let literal, _, _) = try lookUp("dns:///[::1]:80", session)
    else {
      Issue.record("Nothing found.")
      return
    }
    #expect(listed == [endpoint("127.0.0.1", 443)])
    #expect(literal == [endpoint("::1", 80)])
    #expect(session.asked == [])
  }
}

/// Answers from tables; what is in none does not exist.
private final class ScriptedSession: DNSSession {
  let search: DNSSearch
  var hosts: [String: [String]] = [:]
  var v4: [String: DNSReply<String>] = [:]
  var v6: [String: DNSReply<String>] = [:]
  var services: [String: DNSReply<DNSService>] = [:]
  private(set) var asked: [String] = []

  init(search: DNSSearch = DNSSearch()) {
    self.search = search
  }

  func hostsFile(_ name: String) -> [String] { hosts[name] ?? [] }

  func addresses(of name: String) -> DNSAddresses {
    asked.append(name)
    return DNSAddresses(v4: v4[name] ?? .noSuchName, v6: v6[name] ?? .noSuchName)
  }

  func services(of name: String) -> DNSReply<DNSService> { services[name] ?? .noSuchName }
}
