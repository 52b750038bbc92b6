import Testing

@testable import fairlead

@Suite("Arguments of probe")
struct ProbeOptionsTests {
  private func options(_ arguments: String...) throws -> ProbeOptions {
    guard case .probe(let options) = try ProbeRequest(parsing: arguments) else {
      throw ProbeUsageError("not a probe")
    }
    return options
  }

  @Test("An address is all that is needed")
  func defaults() throws {
    let options = try options("-addr=:8080")
    #expect(options.addressText == ":8080")
    #expect(options.address.authority == "localhost:8080")
    #expect(options.service == "")
    #expect(options.connectTimeout.duration == .seconds(1))
    #expect(options.rpcTimeout.duration == .seconds(1))
    #expect(options.userAgent == "grpc_health_probe")
    #expect(options.tls == nil && options.watch == nil)
    #expect(!options.isVerbose && !options.compresses)
  }

  @Test("All flags at once")
  func all() throws {
    let options = try options(
      "--addr", "greeter:443", "-service=helloworld.Greeter", "-connect-timeout", "250ms",
      "-rpc-timeout=1m", "-rpc-header", "Foo: bar", "-rpc-header", "foo:baz:1", "-user-agent=me",
      "-gzip", "-tls=true", "-tls-ca-cert=ca.pem", "-tls-client-cert=c.pem",
      "-tls-client-key", "k.pem", "-tls-server-name=greeter.example", "-v", "-watch",
      "-until=serving", "-within", "30s", "more")
    #expect(options.service == "helloworld.Greeter")
    #expect(options.connectTimeout.description == "250ms")
    #expect(options.rpcTimeout.description == "1m0s")
    #expect(
      options.headers == [.init(name: "foo", value: "bar"), .init(name: "foo", value: "baz:1")])
    #expect(options.userAgent == "me")
    #expect(options.compresses && options.isVerbose)
    #expect(
      options.tls
        == .init(
          authorities: "ca.pem", certificate: "c.pem", key: "k.pem", isVerified: true,
          serverName: "greeter.example"))
    #expect(options.watch?.until == .serving && options.watch?.limit?.description == "30s")
    #expect(options.ignored == ["more"])
  }

  @Test("A switch can be turned off again, and what is off asks for nothing")
  func switches() throws {
    let options = try options(
      "-addr=:1", "-tls", "-tls=false", "-alts=false", "-spiffe=0", "-tls-no-verify=F", "-v=f")
    #expect(options.tls == nil && !options.isVerbose)
  }

  @Test("Help and the version come before everything that may be missing")
  func requests() throws {
    #expect(try ProbeRequest(parsing: ["-help"]) == .help)
    #expect(try ProbeRequest(parsing: ["--help", "-tls-no-verify"]) == .help)
    #expect(try ProbeRequest(parsing: ["-h"]) == .help)
    #expect(try ProbeRequest(parsing: ["-version"]) == .version)
    #expect(throws: ProbeUsageError.self) { try ProbeRequest(parsing: ["-help", "-nope"]) }
  }

  @Test(
    "What does not go together is refused in the words of grpc_health_probe",
    arguments: [
      ([], "-addr not specified"),
      (["-addr="], "-addr not specified"),
      (
        ["x:1", "-connect-timeout", "0"],
        "-connect-timeout must be greater than zero (specified: 0s)"
      ),
      (["x:1", "-rpc-timeout", "-1s"], "-rpc-timeout must be greater than zero (specified: -1s)"),
      (["x:1", "-tls-no-verify"], "specified -tls-no-verify without specifying -tls"),
      (["x:1", "-tls-ca-cert=a"], "specified -tls-ca-cert without specifying -tls"),
      (["x:1", "-tls-client-cert=a"], "specified -tls-client-cert without specifying -tls"),
      (["x:1", "-tls-server-name=a"], "specified -tls-server-name without specifying -tls"),
      (
        ["x:1", "-tls", "-tls-client-cert=a"],
        "specified -tls-client-cert without specifying -tls-client-key"
      ),
      (
        ["x:1", "-tls-client-key=a"],
        "specified -tls-client-key without specifying -tls-client-cert"
      ),
      (
        ["x:1", "-tls", "-tls-no-verify", "-tls-ca-cert=a"],
        "cannot specify -tls-ca-cert with -tls-no-verify (CA cert would not be used)"
      ),
      (
        ["x:1", "-tls", "-tls-no-verify", "-tls-server-name=a"],
        "cannot specify -tls-server-name with -tls-no-verify (server name would not be used)"
      ),
      (["x:1", "-alts", "-spiffe"], "-alts and -spiffe are mutually incompatible"),
      (["x:1", "-tls", "-alts"], "cannot specify -tls with -alts"),
      (["x:1", "-tls", "-spiffe"], "-tls and -spiffe are mutually incompatible"),
      (["x:1", "-alts"], "-alts is not supported, it works on Google Cloud alone; use -tls"),
      (
        ["x:1", "-rpc-header", "novalue"],
        "invalid RPC header, expected 'key: value', got \"novalue\""
      ),
      (
        ["x:1", "-rpc-header", ": value"],
        "invalid RPC header, expected 'key: value', got \"\""
      ),
      (
        ["x:1", "-rpc-header", "a b: value"],
        "invalid RPC header, expected 'key: value', got \"a\""
      ),
      (
        ["x:1", "-rpc-header", "authorization=Bearer s3cret"],
        "invalid RPC header, expected 'key: value', got \"authorization\""
      ),
      (
        ["x:1", "-rpc-header", "authorization: Bearer s\u{E9}cret"],
        "invalid RPC header, the value of \"authorization\" is not printable ASCII"
      ),
      (["x:1", "-tls=maybe"], "invalid boolean value \"maybe\" for -tls: parse error"),
      (
        ["x:1", "-rpc-timeout=1"],
        "invalid value \"1\" for flag -rpc-timeout: parse error; give one such as 500ms"
      ),
      (["x:1", "-until=serving"], "specified -until without specifying -watch"),
      (["x:1", "-watch", "-within=1s"], "specified -within without specifying -until"),
      (["x:1", "-watch", "-until=up"], "-until \"up\" is not serving or not-serving"),
      (
        ["x:1", "-watch", "-until=serving", "-within=0"],
        "-within must be greater than zero (specified: 0s)"
      ),
    ])
  func refused(arguments: [String], message: String) {
    let arguments = arguments.first == "x:1" ? ["-addr"] + arguments : arguments
    let error = #expect(throws: ProbeUsageError.self) { try ProbeRequest(parsing: arguments) }
    #expect(error?.description == message)
  }

  @Test("What is asked for is shown without what is secret in it")
  func secrets() throws {
    let options = try options(
      "-addr=:1", "-v", "-rpc-header", "Authorization: Bearer s3cret", "-rpc-header", "x-tenant: a")
    #expect(options.lines.contains("> headers: authorization:[hidden] x-tenant:a"))
    #expect(!options.lines.joined().contains("s3cret"))
  }

  @Test("What comes behind the flags is warned of, but for what may be a header's value")
  func ignored() throws {
    #expect(try options("-addr=:1").warning == nil)
    #expect(try options("-addr=:1", "more").warning?.contains("\"more\" is no flag") == true)
    let torn = try options("-addr=:1", "-rpc-header", "authorization:", "s3cret").warning
    #expect(torn?.contains("needs quotes") == true && torn?.contains("s3cret") == false)
  }

  @Test(
    "Addresses of this host, of others, and of sockets",
    arguments: [
      (":80", "127.0.0.1:80 [::1]:80", "localhost:80"),
      ("localhost:80", "127.0.0.1:80 [::1]:80", "localhost:80"),
      ("10.0.0.1:80", "10.0.0.1:80", "10.0.0.1:80"),
      ("[::1]:80", "[::1]:80", "[::1]:80"),
      ("greeter.default:80", "greeter.default:80", "greeter.default:80"),
      ("dns:///greeter:80", "greeter:80", "greeter:80"),
      ("dns:greeter:80", "greeter:80", "greeter:80"),
      ("passthrough:///:80", "127.0.0.1:80 [::1]:80", "localhost:80"),
      ("unix:///run/app.sock", "unix:/run/app.sock", "localhost"),
      ("unix:app.sock", "unix:app.sock", "localhost"),
    ])
  func addresses(text: String, candidates: String, authority: String) throws {
    let address = try ProbeAddress(parsing: text)
    #expect(address.candidates.map(\.description).joined(separator: " ") == candidates)
    #expect(address.authority == authority)
  }

  @Test(
    "What is no address",
    arguments: ["x", "x:", ":", ":0", "x:65536", "x:http", "::1:80", "unix:", "unix://", "a,b:80"])
  func noAddress(text: String) {
    #expect(throws: ProbeUsageError.self) { try ProbeAddress(parsing: text) }
  }
}
