import ArgumentParser
import FairleadBalancing
import FairleadDiscovery
import FairleadGRPC
import FairleadLoad
import Foundation

/// `fairlead load`: makes load and tells who answered it.
struct LoadCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "load",
    abstract: "Make load on a gRPC method, and tell how fast it is and who answered.",
    usage: """
      fairlead load [options] --call METHOD [NAME=]HOST:PORT ...
      fairlead load [options] --call METHOD --target [NAME=]TARGET ...
      """,
    discussion: """
      An address is one place to connect to: --connections opens so many to it, and who is behind them is not \
      our choice. --target is resolved and balanced call by call, as a Swift client would do it; see `fairlead resolve` for its \
      schemes. Each address with each number of connections, and each target, is one run; runs come one after the other, and \
      one report shows them side by side. METHOD is package.Service/Method; the server says by reflection what its messages \
      are, unless --proto or --protoset do. TLS is the default.

      Without --rps a call begins when another has ended: --concurrency of them are always under way. With --rps calls are due \
      at a steady rate whatever the server does, and latency counts from when a call was due: a server that stops for a second \
      is slow for all calls that were due in it.

      Data is JSON. Several values, or a list, are sent in turn, one for each call; a method that takes a stream gets all of \
      them in each call. In it {{n}} is the call's number, {{worker}} the number of the call among those under way, {{uuid}} a \
      UUID, {{time}} the time as RFC 3339 has it, and {{random 1 100}} a number from 1 to 100. Two braces that \
      are meant are written \\u007b{, as JSON can.

      Examples:
        fairlead load --plaintext --call helloworld.Greeter/SayHello -d '{"name": "{{uuid}}"}' 127.0.0.1:8080
        fairlead load --plaintext --call helloworld.Greeter/SayHello --by header:x-pod --total 10000 --connections 1,3 \
      tcp=127.0.0.1:8080 proxy=127.0.0.1:15001
        fairlead load --plaintext --call helloworld.Greeter/SayHello --rps 500 --duration 30s --target dns:///greeter:8080

      Ctrl-C ends a run early; what was measured is reported. Exit status: 0 if all calls went well, 1 if some failed or \
      none could be made, 2 for wrong arguments or data.
      """
  )

  @Argument(
    help: ArgumentHelp(
      "Where to connect; several are loaded in turn.", valueName: "[name=]host:port"),
    transform: LoadPlace.read)
  var addresses: [LoadPlace<HostPort>] = []

  @Option(
    help: ArgumentHelp(
      "A target to resolve and balance, such as dns:///greeter:8080. Can be repeated.",
      valueName: "[name=]target"), transform: LoadPlace.read)
  var target: [LoadPlace<String>] = []

  @Option(
    help: ArgumentHelp(
      "How targets are balanced: a policy's name, or a service config in JSON. (default: round_robin)",
      valueName: "policy"))
  var policy: String?

  @OptionGroup var work: LoadArguments

  @OptionGroup var client: ClientArguments

  @OptionGroup var descriptors: DescriptorArguments

  @Flag(help: "Print the report as JSON.")
  var json = false

  @Option(help: ArgumentHelp("Write the report as a page with plots.", valueName: "file"))
  var html: String?

  @OptionGroup var cluster: KubernetesOptionGroup

  @OptionGroup var place: ClientPlace

  func validate() throws {
    guard !self.addresses.isEmpty || !self.target.isEmpty else {
      throw ValidationError("There is nothing to load; name a HOST:PORT, or give a --target.")
    }
    let names = self.addresses.compactMap(\.name) + self.target.compactMap(\.name)
    if let twice = Dictionary(grouping: names, by: \.self).first(where: { $1.count > 1 })?.key {
      throw ValidationError("Two runs are named '\(twice)'; give each a name of its own.")
    }
    if self.policy != nil, self.target.isEmpty {
      throw ValidationError("--policy is for targets, and there is none; give a --target.")
    }
    _ = try Self.serviceConfig(self.usedPolicy)
  }

  private var usedPolicy: String { self.policy ?? "round_robin" }

  func run() async throws {
    raiseFileLimit()
    let file = try self.html.map(ReportFile.init(path:))
    let session = try self.session()
    let runs = LoadRunPlan.all(
      addresses: self.addresses, targets: self.target, arguments: self.work)
    guard let report = try await untilSignalled({ try await session.run(runs) }) else {
      throw CommandFailure("Stopped before any call was made.")
    }
    if self.json {
      Console.line(try JSONText.encode(report))
    } else {
      let style = TextStyle.standardOutput(environment: ProcessInfo.processInfo.environment)
      for line in LoadText(report: report, style: style).lines { Console.line(line) }
    }
    try file?.write(LoadPage(report: report).html)
    for run in report.runs {
      if let failure = run.failure { Console.error("\(run.name): \(failure)".printable) }
    }
    let failed = report.runs.reduce(0) { $0 + $1.failed }
    let calls = report.runs.reduce(0) { $0 + $1.calls }
    guard failed == 0, calls > 0 else {
      Console.error(
        calls == 0 ? "No call has ended." : "\(failed) of \(calls) calls failed.")
      throw ExitCode.failure
    }
    if report.runs.contains(where: { $0.failure != nil }) { throw ExitCode.failure }
  }

  private func session() throws -> LoadSession {
    let environment = ProcessInfo.processInfo.environment
    var place = self.place
    place.complete(from: environment)
    let registry = ResolverRegistry.command(
      kubernetes: self.cluster.client(
        place: place, environment: environment, logger: .standardError(verbose: false)),
      environment: environment)
    return LoadSession(
      arguments: self.work, client: self.client, descriptors: self.descriptors,
      serviceConfig: try Self.serviceConfig(self.usedPolicy), policy: self.usedPolicy,
      registry: registry,
      environment: environment, clock: ContinuousClock(), seed: RandomSource.systemSeed())
  }

  /// A policy's name, or a whole service config.
  private static func serviceConfig(_ text: String) throws -> ClientServiceConfig {
    let isName = text.allSatisfy { $0.isASCII && ($0.isLetter || $0 == "_") }
    do throws(ServiceConfigError) {
      return try ClientServiceConfig(
        json: isName ? "{\"loadBalancingConfig\": [{\"\(text)\": {}}]}" : text)
    } catch {
      throw ValidationError("--policy cannot be used: \(error)")
    }
  }
}
