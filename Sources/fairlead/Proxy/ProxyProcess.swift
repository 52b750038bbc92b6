import FairleadAdmin
import FairleadConfiguration
import FairleadDiscovery
import FairleadFiles
import FairleadManifests
import FairleadProxy
import Logging
import NIOPosix
import ServiceLifecycle

/// What runs in `fairlead proxy`: a source feeds the configuration, the configuration the data plane,
/// and the admin server shows all of it.
struct ProxyProcess {
  let configuration: ProxyConfiguration
  let options: CompileOptions
  let source: any ObjectSource
  let resolvers: ResolverRegistry
  let admin: HostPort
  let logger: Logger

  /// Runs until SIGTERM or SIGINT and the drain that follows. Throws when the configuration is refused at the start or a
  /// port cannot be had.
  func run() async throws {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: configuration.workers)
    do {
      try await run(on: group)
    } catch {
      try await group.shutdownGracefully()
      throw error
    }
    try await group.shutdownGracefully()
  }

  private func run(on group: MultiThreadedEventLoopGroup) async throws {
    let pool = ResolverPool(
      registry: resolvers, options: DiscoveryOptions(seed: configuration.seed))
    let proxy = try await Proxy(
      configuration: configuration, group: group, logger: logger,
      unreachable: { pool.resolveNow($0) })
    let status = ProxyStatus(proxy: proxy, resolvers: pool, source: source)
    let controller = ConfigurationController(options: options, resolvers: pool, sink: status)
    try source.start(feeding: controller)
    let server = PageServer(
      host: admin.host, port: admin.port, pages: AdminPages(source: status), logger: adminLogger
    ) { port in Console.note("admin on http://\(HostPort(host: admin.host, port: port))") }
    let feeder = SourceFeeder(source: source, controller: controller, status: status)
    let opening = ProxyOpening(proxy: proxy, status: status, configuration: configuration)
    // Stopped from the last to the first: the admin pages can be read while calls finish.
    do {
      try await runUntilSignalled(
        [server, feeder, controller, opening, DrainNotice(limit: configuration.drainTime)],
        gracePeriod: configuration.drainTime + .seconds(5))
    } catch let error as PageServerError {
      throw CommandFailure(
        "The admin pages cannot listen on \(error.address): \(error.reason); give another "
          + "HOST:PORT with --admin.")
    }
  }

  /// What goes wrong on a page's connection is the reader's to see, not the operator's.
  private var adminLogger: Logger {
    var logger = logger
    logger.logLevel = max(logger.logLevel, .critical)
    return logger
  }
}

/// Runs the source of objects for as long as the proxy runs.
private struct SourceFeeder: Service {
  let source: any ObjectSource
  let controller: ConfigurationController
  let status: ProxyStatus

  func run() async throws {
    try await source.run(feeding: controller, status: status)
  }
}

/// Says that a signal was heard, so that the wait for running calls does not look like a hang.
private struct DrainNotice: Service {
  let limit: Duration

  func run() async throws {
    try await gracefulShutdown()
    Console.error("Stopping: running calls have \(DurationArgument(limit)) to finish.")
  }
}
