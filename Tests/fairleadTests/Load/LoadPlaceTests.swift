import Testing

@testable import fairlead

@Suite("What to load, as the command line writes it")
struct LoadPlaceTests {
  @Test("an address may have a name before it")
  func addresses() throws {
    let plain = try #require(LoadPlace<HostPort>(argument: "127.0.0.1:80"))
    #expect(plain.name == nil)
    #expect(plain.place == HostPort(host: "127.0.0.1", port: 80))
    let named = try #require(LoadPlace<HostPort>(argument: "tcp=[::1]:80"))
    #expect(named.name == "tcp")
    #expect(named.place == HostPort(host: "::1", port: 80))
  }

  @Test("an equals sign in a target is no name")
  func targets() {
    let plain = LoadPlace<String>(argument: "kubernetes:///greeter?x=y")
    #expect(plain == LoadPlace(name: nil, place: "kubernetes:///greeter?x=y"))
    let named = LoadPlace<String>(argument: "here=dns:///a:1?x=y")
    #expect(named == LoadPlace(name: "here", place: "dns:///a:1?x=y"))
  }

  @Test("what is neither is refused", arguments: ["", "=", "=a:1", "x=", "x=y", "a", "a:b=1:2"])
  func refused(text: String) {
    #expect(LoadPlace<HostPort>(argument: text) == nil)
  }

  @Test("numbers of connections have commas between them")
  func counts() {
    #expect(CountsArgument(argument: "1,3")?.counts == [1, 3])
    #expect(CountsArgument(argument: "7")?.counts == [7])
    for text in ["", ",", "1,", "1,,3", "1,1", "a"] {
      #expect(CountsArgument(argument: text) == nil, "\(text)")
    }
  }

  @Test("answers tell by peer, header or field who gave them")
  func backends() {
    #expect(LoadBackendArgument(argument: "peer") == .peer)
    #expect(LoadBackendArgument(argument: "header:X-Pod") == .header("x-pod"))
    #expect(LoadBackendArgument(argument: "field:meta.pod") == .field("meta.pod"))
    for text in ["", "pod", "peer:x", "header", "header:", "field:"] {
      #expect(LoadBackendArgument(argument: text) == nil, "\(text)")
    }
  }
}
