import ArgumentParser
import FairleadGRPC
import GRPCCore

/// How `call`, `probe` and `load` connect, and what they send with each call.
struct ClientArguments: ParsableArguments {
  @Flag(help: "Connect without TLS.")
  var plaintext = false

  @Flag(help: "Connect with TLS and believe whatever certificate the server shows.")
  var insecure = false

  @Option(
    help: ArgumentHelp(
      "Who may have signed the server's certificate, in PEM; without it, whom the system trusts.",
      valueName: "file"))
  var cacert: String?

  @Option(help: ArgumentHelp("Our certificate for servers that ask for one.", valueName: "file"))
  var cert: String?

  @Option(help: ArgumentHelp("The private key of --cert.", valueName: "file"))
  var key: String?

  @Option(
    help: ArgumentHelp(
      "The name that the server's certificate must have, if not the address's.", valueName: "name"))
  var serverName: String?

  @Option(
    help: ArgumentHelp("The :authority of the calls, if not the address.", valueName: "name"))
  var authority: String?

  @Option(
    help: ArgumentHelp(
      "How long a connection may take, such as 500ms. (default: 10s)", valueName: "duration"),
    transform: SecondsArgument.read)
  var connectTimeout = SecondsArgument(.seconds(10))

  @Option(
    name: [.customShort("H"), .customLong("header")],
    help: ArgumentHelp(
      "Metadata for each call; values of names that end in -bin are in base64. Can be repeated.",
      valueName: "name: value"))
  var headers: [String] = []

  /// What is sent with each call, in the order of the command line; validated arguments all have it.
  var metadata: Metadata { (try? HeaderArgument.metadata(self.headers)) ?? [:] }

  /// Refuses what contradicts itself.
  func validate() throws {
    if self.plaintext {
      let others: [(isGiven: Bool, name: String)] = [
        (self.insecure, "--insecure"), (self.cacert != nil, "--cacert"),
        (self.cert != nil, "--cert"), (self.key != nil, "--key"),
        (self.serverName != nil, "--server-name"),
      ]
      if let other = others.first(where: \.isGiven) {
        throw ValidationError(
          "--plaintext is without TLS, \(other.name) is about TLS; leave one of them out.")
      }
    }
    if self.insecure, self.cacert != nil {
      throw ValidationError(
        "--insecure verifies nothing, --cacert says how to verify; leave one of them out.")
    }
    if (self.cert == nil) != (self.key == nil) {
      let (given, missing) = self.cert == nil ? ("--key", "--cert") : ("--cert", "--key")
      throw ValidationError("\(given) needs \(missing): a certificate goes with its private key.")
    }
    guard self.connectTimeout.duration > .zero else {
      throw ValidationError("--connect-timeout 0 leaves no time to connect; give one such as 10s.")
    }
    try self.validateNames()
    _ = try HeaderArgument.metadata(self.headers)
  }

  private func validateNames() throws {
    for (name, value) in [("--authority", self.authority), ("--server-name", self.serverName)] {
      guard let value else { continue }
      // It becomes a header, or a name in the handshake.
      guard !value.isEmpty, value.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
        throw ValidationError(
          "\(name) '\(value.printable)' is no name; give one such as greeter:80.")
      }
    }
  }

  /// How connections are secured. Files are read when the transport is made.
  func security() throws -> ClientSecurity {
    guard !self.plaintext else { return .plaintext }
    var tls = ClientSecurity.TLS()
    if let cacert { tls.trustRoots = .file(cacert) }
    if let cert, let key {
      tls.identity = .files(certificateChain: cert, privateKey: key)
    }
    tls.serverHostname = self.serverName
    if self.insecure { tls.verification = .insecureAcceptAnyCertificate }
    return .tls(tls)
  }

  /// The transport's settings that these arguments say.
  func transportConfiguration() -> BalancedTransport.Configuration {
    var configuration = BalancedTransport.Configuration()
    configuration.http2.authority = self.authority
    configuration.connectTimeout = self.connectTimeout.duration
    // Who makes a call wants to know that a server takes none.
    configuration.maximumVainConnections = 3
    return configuration
  }
}
