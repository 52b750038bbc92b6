import Testing

@testable import FairleadManifests

@Suite("Names, hosts and addresses are checked by the rules of their APIs")
struct NamesTests {
  @Test("labels")
  func labels() {
    for good in ["a", "a-b", "0", "a1", String(repeating: "a", count: 63)] {
      #expect(Names.isLabel(good), "\(good)")
    }
    for bad in ["", "-a", "a-", "A", "a.b", "a_b", "ä", String(repeating: "a", count: 64)] {
      #expect(!Names.isLabel(bad), "\(bad)")
    }
  }

  @Test("hosts")
  func hosts() {
    for good in ["a", "A.b", "a.b.c", "*", "*.a.b", "10.0.0.1"] {
      #expect(Names.isHost(good), "\(good)")
    }
    for bad in ["", ".", "a.", ".a", "*a", "a.*", "**", "*.", "a b", "a/b", "a:80", "a..b"] {
      #expect(!Names.isHost(bad), "\(bad)")
    }
    #expect(!Names.isHost(Array(repeating: "abc", count: 64).joined(separator: ".")))
  }

  @Test("names of container ports")
  func portNames() {
    for good in ["grpc", "a", "grpc-web", "p1"] {
      #expect(Names.isPortName(good), "\(good)")
    }
    for bad in ["", "80", "a--b", "-a", "abcdefghijklmnop", "A"] {
      #expect(!Names.isPortName(bad), "\(bad)")
    }
  }

  @Test("IP literals")
  func addresses() {
    #expect(IPLiteral.family(of: "127.0.0.1") == .v4)
    #expect(IPLiteral.family(of: "::1") == .v6)
    #expect(IPLiteral.family(of: "::ffff:1.2.3.4") == .v6)
    for bad in ["", "1.2.3", "256.1.1.1", "[::1]", "::1%eth0", "a", "1.2.3.4 ", "1.2.3.4\0x"] {
      #expect(IPLiteral.family(of: bad) == nil, "\(bad)")
    }
  }

  @Test("spelling finds what is near, and nothing else")
  func spelling() {
    let fields: Set<String> = ["retries", "timeout", "route", "match"]
    #expect(Spelling.nearest(to: "retrys", in: fields) == "retries")
    #expect(Spelling.nearest(to: "Timeout", in: fields) == "timeout")
    #expect(Spelling.nearest(to: "rout", in: fields) == "route")
    #expect(Spelling.nearest(to: "headers", in: fields) == nil)
    #expect(Spelling.nearest(to: "x", in: fields) == nil)
  }
}
