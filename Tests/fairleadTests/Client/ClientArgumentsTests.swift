import ArgumentParser
import FairleadGRPC
import Testing

@testable import fairlead

struct ClientArgumentsTests {
  @Test("TLS with verification is the default")
  func security() throws {
    #expect(try ClientArguments.parse([]).security() == .tls)
    #expect(try ClientArguments.parse(["--plaintext"]).security() == .plaintext)
    let all = try ClientArguments.parse(
      ["--cacert", "ca", "--cert", "c", "--key", "k", "--server-name", "n"])
    #expect(
      try all.security()
        == .tls(
          .init(
            trustRoots: .file("ca"), identity: .files(certificateChain: "c", privateKey: "k"),
            serverHostname: "n")))
    let insecure = try ClientArguments.parse(["--insecure"])
    #expect(
      try insecure.security() == .tls(.init(verification: .insecureAcceptAnyCertificate)))
  }

  @Test(
    "What contradicts itself is wrong usage",
    arguments: [
      ["--plaintext", "--insecure"], ["--plaintext", "--cacert", "x"], ["--cert", "x"],
      ["--key", "x"], ["--insecure", "--cacert", "x"], ["--plaintext", "--server-name", "x"],
      ["--connect-timeout", "0"], ["--authority", ""], ["--authority", "a b"],
      ["-H", "no colon"],
    ])
  func refuses(arguments: [String]) {
    #expect(throws: (any Error).self) { try ClientArguments.parse(arguments) }
  }

  @Test("Times may be bare seconds, as grpcurl's are")
  func seconds() {
    #expect(SecondsArgument(argument: "5")?.duration == .seconds(5))
    #expect(SecondsArgument(argument: "0.5")?.duration == .milliseconds(500))
    #expect(SecondsArgument(argument: "500ms")?.duration == .milliseconds(500))
    #expect(SecondsArgument(argument: "soon") == nil)
  }
}
