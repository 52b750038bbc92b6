import ArgumentParser
import FairleadBalancing
import FairleadDiscovery
import Foundation

/// `fairlead resolve`: what a resolver answers.
struct ResolveCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resolve",
    abstract: "Print the endpoints that a target leads to, and follow their changes.",
    discussion: """
      Targets are in gRPC's syntax:

        dns:///greeter.default:8080        each address of a name; with dns://IP:PORT/… a DNS server of your choice
        dns:///greeter.default:grpc        the servers and ports that SRV records give the named port
        ipv4:10.0.0.1:80,10.0.0.2:80       these addresses; the same with ipv6: and static:///
        unix:///run/greeter.sock           a socket
        file:///etc/endpoints.yaml         what a file lists
        kubernetes:///greeter.default:8080 the pods of a Service, by its port's number or name
        etcd://10.0.0.1:2379/greeter       what servers registered under a prefix; etcd:///greeter with ETCDCTL_ENDPOINTS
        passthrough:///greeter:8080        the address as it is

      With --watch there is a line for each change: + an endpoint that came, - one that went, ~ one that changed, ! a failure of
      the source, during which the last good endpoints stay, and = its end.

      Example:
        fairlead resolve --watch dns:///greeter.default:8080

      Exit status: 0 if there are endpoints, 1 if there are none or the source fails, 2 for wrong usage.
      """
  )

  @Argument(help: "What to resolve.")
  var target: String

  @Flag(help: "Go on until interrupted, and print each change with its time.")
  var watch = false

  @Flag(help: "Print JSON instead; with --watch one object on each line.")
  var json = false

  @OptionGroup
  var cluster: KubernetesOptionGroup

  @OptionGroup
  var place: ClientPlace

  @Option(help: "How long to wait for the first answer.")
  var timeout = DurationArgument(.seconds(10))

  func validate() throws {
    do {
      _ = try makeResolver()
    } catch let failure as ResolutionFailure {
      throw ValidationError(failure.message)
    }
  }

  func run() async throws {
    let resolver = try makeResolver()
    let printer = ResolutionPrinter(target: target, isJSON: json)
    if watch {
      try await ResolveSession(resolver, printer, clock: .system).watch()
    } else {
      try await ResolveSession(resolver, printer, clock: .system).once(within: timeout.duration)
    }
  }

  private func makeResolver() throws -> Resolver {
    let environment = ProcessInfo.processInfo.environment
    var place = place
    place.complete(from: environment)
    let registry = ResolverRegistry.command(
      kubernetes: cluster.client(
        place: place, environment: environment, logger: .standardError(verbose: false)),
      environment: environment)
    return try registry.resolver(
      for: try registry.target(target), options: DiscoveryOptions(seed: RandomSource.systemSeed()))
  }
}
