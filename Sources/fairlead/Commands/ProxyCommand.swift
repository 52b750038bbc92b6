import ArgumentParser
import FairleadFiles
import FairleadManifests
import FairleadProxy
import Foundation
import Logging
import NIOCore
import NIOPosix

/// `fairlead proxy`: balance calls between clients and pods.
struct ProxyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "proxy",
    abstract: "Forward every call to a pod of the service that it is for.",
    discussion: """
      Services, pods, routes and policies are Kubernetes and Istio objects, read from files and \
      watched. Clients reach a service by its name as :authority on the outbound listener, or \
      through a listener of its own (--bind). SIGTERM lets running calls finish and exits.

      Example: fairlead proxy -f examples/split --bind istio-grpc-server:8080=127.0.0.1:8080
      """
  )

  @Option(
    name: [.customShort("f"), .long],
    help: ArgumentHelp(
      "A file or folder of YAML, watched for changes; may be given several times.",
      valueName: "path"))
  var file: [String]

  @Option(
    help: ArgumentHelp(
      "Where calls for any service are taken, routed by :authority.", valueName: "host:port"))
  var listen = HostPort(host: "127.0.0.1", port: 15001)

  @Option(
    help: ArgumentHelp(
      "A listener that stands for one port of a service, whatever the authority.",
      valueName: "service:port=host:port"))
  var bind: [BindArgument] = []

  @Option(
    help: ArgumentHelp(
      "Where metrics, clusters and configuration are shown.", valueName: "host:port"))
  var admin = HostPort(host: "127.0.0.1", port: 15000)

  @Option(help: "Threads that carry calls.")
  var workers = System.coreCount

  @Option(help: "The namespace of the clients: its services are known by their bare names.")
  var namespace = CompileOptions().clientNamespace

  @Option(
    help: ArgumentHelp(
      "How long running calls may take to finish after SIGTERM.", valueName: "duration"))
  var drainTime = DurationArgument(.seconds(30))

  @Option(
    help: ArgumentHelp("Connections that clients may have open on one worker.", valueName: "n"))
  var maxConnections = ProxyConfiguration().maxDownstreamConnections

  @Flag(help: "Say more on standard error.")
  var verbose = false

  @Flag(help: ArgumentHelp("Stop when standard input ends.", visibility: .hidden))
  var untilStdinEnds = false

  func validate() throws {
    guard !file.isEmpty else {
      throw ValidationError("Name the configuration with -f, a file or folder of YAML.")
    }
    guard (1...256).contains(workers) else {
      throw ValidationError("--workers \(workers) is out of range; give 1 to 256.")
    }
    guard maxConnections > 0 else {
      throw ValidationError("--max-connections must be at least 1.")
    }
  }

  func run() async throws {
    if untilStdinEnds {
      exitWhenStandardInputEnds()
    }
    raiseFileLimit()
    keepFreedMemory()
    var options = CompileOptions()
    options.clientNamespace = namespace
    let process = ProxyProcess(
      configuration: proxyConfiguration, options: options, source: FileSource(paths: file),
      resolvers: .command(environment: ProcessInfo.processInfo.environment), admin: admin, logger: logger)
    try await process.run()
  }

  private var proxyConfiguration: ProxyConfiguration {
    var configuration = ProxyConfiguration()
    configuration.outbound = .init(host: listen.host, port: listen.port)
    configuration.binds = bind.map {
      .init(
        authority: $0.service.description,
        address: .init(host: $0.address.host, port: $0.address.port))
    }
    configuration.workers = workers
    configuration.drainTime = drainTime.duration
    configuration.maxDownstreamConnections = maxConnections
    configuration.seed = randomSeed()
    return configuration
  }

  private var logger: Logger {
    var logger = Logger(label: "fairlead") { StreamLogHandler.standardError(label: $0) }
    logger.logLevel = verbose ? .debug : .warning
    return logger
  }
}
