import ArgumentParser
import FairleadBalancing
import FairleadDescriptors
import FairleadDiscovery
import Foundation
import GRPCCore
import Logging

/// `fairlead call`: lists, describes and calls the methods of any gRPC server.
struct CallCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "call",
    abstract: "List, describe and call the methods of any gRPC server.",
    usage: """
      fairlead call [options] ADDRESS list [SERVICE]
      fairlead call [options] ADDRESS describe [SYMBOL]
      fairlead call [options] ADDRESS METHOD
      """,
    discussion: """
      ADDRESS is HOST:PORT, or a target in gRPC's syntax as of `fairlead resolve`: dns:///, kubernetes:///, etcd:///, unix:/// \
      and others. Services are known by the server's reflection, or by --proto or --protoset; with those, list and describe need \
      no address. METHOD is package.Service/Method. TLS is the default.

      Data is JSON, one value for each message: -d '{"name": "world"}', -d @ for standard input, -d @FILE. Streams send each \
      message as it is read. Without -d a method gets an empty message, a client stream none.

      Examples:
        fairlead call --plaintext 127.0.0.1:8080 list
        fairlead call --plaintext 127.0.0.1:8080 describe helloworld.Greeter
        fairlead call --plaintext -d '{"name": "world"}' \\
          127.0.0.1:8080 helloworld.Greeter/SayHello

      Exit status: 0 if the call went well, 1 if it failed, with ERROR and its status on standard error, 2 for wrong arguments or data.
      """
  )

  @Argument(
    help: ArgumentHelp(
      "The address, and what to do there.",
      valueName: "words"))
  var words: [String] = []

  @Option(
    name: [.customShort("d"), .customLong("data")],
    help: ArgumentHelp(
      "The request's messages in JSON; @ reads standard input, @FILE a file.", valueName: "json"))
  var data = ""

  @OptionGroup var client: ClientArguments

  @OptionGroup var descriptors: DescriptorArguments

  @Option(
    name: .customLong("rpc-header"),
    help: ArgumentHelp("Metadata for the call alone.", valueName: "name: value"))
  var callHeaders: [String] = []

  @Option(
    name: .customLong("reflect-header"),
    help: ArgumentHelp("Metadata for reflection alone.", valueName: "name: value"))
  var reflectionHeaders: [String] = []

  @Option(
    help: ArgumentHelp("How long everything may take, such as 5s.", valueName: "duration"),
    transform: SecondsArgument.read)
  var maxTime: SecondsArgument?

  @Option(
    name: .customLong("max-msg-sz"),
    help: ArgumentHelp(
      "How large a response message may be. (default: 67108864)", valueName: "bytes"),
    transform: Int.read)
  var maximumMessageSize = 64 << 20

  @Flag(help: "Show fields that have their default value, too.")
  var emitDefaults = false

  @Option(help: ArgumentHelp("How messages are written; only json.", valueName: "format"))
  var format = "json"

  @Flag(name: .customLong("msg-template"), help: "Describe a message with an example in JSON.")
  var printsTemplate = false

  @Flag(help: "Print JSON for scripts: one object on each line of a call.")
  var json = false

  @Flag(
    name: .shortAndLong,
    help: "Show the method, metadata, the server that answered, and the status.")
  var verbose = false

  @Flag(help: "Show the values of authorization, cookie and the like, which -v hides.")
  var showSecrets = false

  @OptionGroup var cluster: KubernetesOptionGroup

  @OptionGroup var place: ClientPlace

  func validate() throws {
    guard self.format == "json" else {
      throw ValidationError("--format \(self.format.printable) is not known; messages are in json.")
    }
    guard self.maximumMessageSize > 0 else {
      throw ValidationError("--max-msg-sz \(self.maximumMessageSize) allows no message.")
    }
    if let maxTime = self.maxTime, maxTime.duration <= .zero {
      throw ValidationError("--max-time 0 leaves no time for a call; give one such as 5s.")
    }
    _ = try HeaderArgument.metadata(self.callHeaders + self.reflectionHeaders)
    _ = try RequestData(parsing: self.data)
    let intent = try self.intent()
    guard let address = intent.address else { return }
    // Other targets have a scheme before a colon; what is neither would be taken for a name in DNS.
    guard
      HostPort(parsing: address) != nil || address.contains("://")
        || Self.pathlessSchemes.contains(where: address.hasPrefix)
    else {
      throw ValidationError(
        "'\(address.printable)' is no address: write HOST:PORT, or a target such as "
          + "dns:///greeter:8080.")
    }
    let registry = self.registry()
    do throws(ResolutionFailure) {
      let target = try registry.target(address)
      _ = try registry.resolver(for: target, options: DiscoveryOptions(seed: 0))
    } catch {
      throw ValidationError(error.message)
    }
  }

  func run() async throws {
    let session = CallSession(
      settings: try self.settings(), registry: self.registry(), clock: ContinuousClock())
    try await session.run(try self.intent())
  }

  private static let pathlessSchemes = ["dns:", "ipv4:", "ipv6:", "unix:", "passthrough:"]

  private func intent() throws -> CallIntent {
    try CallIntent(self.words, hasFiles: self.descriptors.areGiven)
  }

  private func registry() -> ResolverRegistry {
    let environment = ProcessInfo.processInfo.environment
    var place = self.place
    place.complete(from: environment)
    return .command(
      kubernetes: self.cluster.client(
        place: place, environment: environment, logger: .standardError(verbose: false)),
      environment: environment)
  }

  private func settings() throws -> CallSettings {
    var options = JSONOptions()
    options.printsDefaults = self.emitDefaults
    options.showsUnknown = self.verbose
    let output = CallOutput.console
    let reporter: any CallReporter =
      self.json
      ? CallJSONReporter(showsSecrets: self.showSecrets, writes: output)
      : CallTextReporter(
        isVerbose: self.verbose, showsSecrets: self.showSecrets, writes: output)
    var transport = self.client.transportConfiguration()
    transport.http2.targetWindowSize = CallSettings.windowSize
    return CallSettings(
      security: try self.client.security(), transport: transport,
      files: self.descriptors.files(environment: ProcessInfo.processInfo.environment),
      metadata: try HeaderArgument.metadata(self.client.headers + self.callHeaders),
      reflectionMetadata: try HeaderArgument.metadata(
        self.client.headers + self.reflectionHeaders),
      data: try RequestData(parsing: self.data), maxTime: self.maxTime?.duration,
      maximumMessageSize: self.maximumMessageSize, jsonOptions: options, isJSON: self.json,
      printsTemplate: self.printsTemplate, reporter: reporter, output: output)
  }
}
