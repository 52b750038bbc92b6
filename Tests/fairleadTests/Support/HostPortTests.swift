import Testing

@testable import fairlead

@Suite("HostPort")
struct HostPortTests {
  @Test(
    "Addresses and names are read and written alike",
    arguments: [
      ("127.0.0.1:8080", "127.0.0.1", 8080), ("[::1]:0", "::1", 0),
      ("greeter.default.svc.cluster.local:65535", "greeter.default.svc.cluster.local", 65535),
      ("[fe80::1]:443", "fe80::1", 443),
    ]
  )
  func reads(text: String, host: String, port: Int) throws {
    let address = try #require(HostPort(parsing: text))
    #expect(address == HostPort(host: host, port: port))
    #expect(address.description == text)
  }

  @Test(
    "What is not HOST:PORT is refused",
    arguments: [
      "", "localhost", ":8080", "localhost:", "localhost:http", "localhost:65536", "localhost:-1",
      "::1:8080", "[::1]", "[]:80", "[localhost]:80", "[[::1]]:80", "a b:80", "a/b:80", "h:+80",
      "h:000080",
    ]
  )
  func refuses(text: String) {
    #expect(HostPort(parsing: text) == nil)
  }
}
