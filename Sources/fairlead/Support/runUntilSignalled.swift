import Logging
import ServiceLifecycle

/// Runs services until SIGTERM, SIGINT or SIGHUP, stops them gracefully, and returns.
///
/// - Parameters:
///   - services: Run side by side; the first one to fail stops the others.
///   - gracePeriod: How long a graceful stop may take; what still runs then is cancelled.
/// - Throws: What the first service to fail threw. A stop on a signal is not a failure, even one that
///   had to be cut short.
func runUntilSignalled(_ services: [any Service], gracePeriod: Duration) async throws {
  // The services speak for themselves; the group's own account of signals is of use to nobody.
  let quiet = Logger(label: "fairlead.lifecycle") { _ in SwiftLogNoOpLogHandler() }
  var configuration = ServiceGroupConfiguration(
    services: services.map { .init(service: $0) },
    gracefulShutdownSignals: [.sigterm, .sigint, .sighup],
    logger: quiet
  )
  configuration.maximumGracefulShutdownDuration = gracePeriod
  do {
    try await ServiceGroup(configuration: configuration).run()
  } catch is CancellationError {
    // The grace period ran out, and what was still running was told to stop.
  }
}
