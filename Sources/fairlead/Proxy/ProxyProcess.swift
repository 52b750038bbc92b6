import FairleadAdmin
import FairleadFiles
import FairleadManifests
import FairleadProxy
import FairleadRouting
import Logging
import NIOPosix
import ServiceLifecycle

/// What runs in `fairlead proxy`: the file source feeds the data plane, the admin server shows both.
struct ProxyProcess {
  let configuration: ProxyConfiguration
  let source: FileSource
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
    let first = try load()
    let proxy = try await Proxy(configuration: configuration, group: group, logger: logger)
    let status = ProxyStatus(proxy: proxy)
    await status.apply(first)
    let server = AdminServer(
      host: admin.host, port: admin.port, source: status, logger: adminLogger
    ) { port in await announce(proxy, adminPort: port, first) }
    let applier = ConfigurationApplier(updates: source.updates, status: status)
    // Stopped from the last to the first: the admin pages can be read while calls finish.
    try await runUntilSignalled(
      [server, source, applier, proxy, DrainNotice(limit: configuration.drainTime)],
      gracePeriod: configuration.drainTime + .seconds(5))
  }

  /// What goes wrong on a page's connection is the reader's to see, not the operator's.
  private var adminLogger: Logger {
    var logger = logger
    logger.logLevel = max(logger.logLevel, .critical)
    return logger
  }

  private func load() throws -> AppliedConfiguration {
    do {
      return try source.load()
    } catch {
      let findings = error.findings.map { "\n  \($0)" }.joined()
      throw CommandFailure("The configuration is refused, nothing was started:\(findings)")
    }
  }

  private func announce(
    _ proxy: Proxy, adminPort: Int, _ first: AppliedConfiguration
  ) async {
    let names = ["calls for any service"] + configuration.binds.map(\.authority)
    let addresses = await proxy.listening()
    // None: a port could not be had, which is said elsewhere.
    guard !addresses.isEmpty else { return }
    for (name, address) in zip(names, addresses) {
      Console.line("\(name) on \(address)")
    }
    Console.line("admin on http://\(HostPort(host: admin.host, port: adminPort))")
    Console.line("fairlead proxy is ready: \(first.summary)")
    for bind in configuration.binds
    where first.snapshot.virtualHostIndex(authority: bind.authority) == nil {
      Console.error(
        "No service is known as \(bind.authority): calls to its listener fail until there is one.")
    }
    if !first.findings.isEmpty {
      Console.line("\(first.findings.count) findings; `fairlead check` shows them")
    }
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

/// Hands each change of the files to the data plane, and says so on standard error.
private struct ConfigurationApplier: Service {
  let updates: AsyncStream<FileUpdate>
  let status: ProxyStatus

  func run() async throws {
    for await update in updates.cancelOnGracefulShutdown() {
      switch update {
      case .applied(let configuration):
        await status.apply(configuration)
        Console.error(
          "Configuration \(configuration.snapshot.generation) is in force: \(configuration.summary)."
        )
      case .refused(let refusal):
        status.note(refusal)
        Console.error("The new configuration is refused, the old one stays in force:")
        for finding in refusal.findings {
          Console.error("  \(finding)")
        }
      }
    }
  }
}
