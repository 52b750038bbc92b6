import ArgumentParser
import FairleadBalancing
import FairleadDiscovery
import FairleadKubernetes
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
      Services, pods, routes and policies are Kubernetes and Istio objects, read from files (-f) or \
      from the Kubernetes API (--kubernetes), and watched. Clients reach a service by its name as :authority on the outbound listener, or \
      through a listener of its own (--bind). SIGTERM lets running calls finish and exits.

      Examples:
        fairlead proxy -f examples/split --bind istio-grpc-server:8080=127.0.0.1:8080
        fairlead proxy --kubernetes --namespace shop --context staging
      """
  )

  @Option(
    name: [.customShort("f"), .long],
    help: ArgumentHelp(
      "A file or folder of YAML, watched for changes; may be given several times.",
      valueName: "path"))
  var file: [String] = []

  @Flag(help: "Take the objects from the Kubernetes API instead.")
  var kubernetes = false

  @OptionGroup
  var cluster: KubernetesOptionGroup

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

  @Option(
    help: ArgumentHelp(
      "The namespace of the clients: its services are known by their bare names. With --kubernetes only this namespace is "
        + "watched, and further ones if it is given several times.", valueName: "ns"))
  var namespace: [String] = []

  @OptionGroup
  var place: ClientPlace

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
    guard file.isEmpty == kubernetes else {
      throw ValidationError(
        kubernetes
          ? "Give either -f or --kubernetes: objects come from one place."
          : "Name the configuration: -f with a file or folder of YAML, or --kubernetes.")
    }
    guard kubernetes || namespace.count <= 1 else {
      throw ValidationError("Without --kubernetes there is one --namespace, that of the clients.")
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
    let environment = ProcessInfo.processInfo.environment
    let logger = Logger.standardError(verbose: verbose)
    var place = place
    place.complete(from: environment)
    let client = cluster.client(place: place, environment: environment, logger: logger)
    let resolvers = ResolverRegistry.command(kubernetes: client, environment: environment)
    let process = ProxyProcess(
      configuration: proxyConfiguration,
      options: CompileOptions(
        clientNamespace: try clientNamespace(client), zone: place.zone, nodeName: place.node),
      source: kubernetes
        ? KubernetesSource(client: client, namespaces: namespace)
        : CheckedFiles(paths: file, resolvers: resolvers),
      resolvers: resolvers, admin: admin, logger: logger)
    try await process.run()
  }

  /// The one that was named, else the one that the credentials for Kubernetes are for.
  private func clientNamespace(_ client: KubernetesClient) throws -> String {
    if let named = namespace.first { return named }
    guard kubernetes else { return CompileOptions().clientNamespace }
    do {
      return try client.access().namespace
    } catch {
      throw CommandFailure(error.message)
    }
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
    configuration.seed = RandomSource.systemSeed()
    return configuration
  }
}
