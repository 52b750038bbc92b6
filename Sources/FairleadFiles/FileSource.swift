import FairleadManifests
import Logging
import ServiceLifecycle
import Synchronization

/// Objects from files and folders of manifests, kept up to date.
///
/// ``load()`` reads them once; ``run()`` then looks for changes until it is cancelled or its
/// service group shuts down, and tells each in ``updates``. A change is told once: objects that are
/// equal to those before are not told, and neither is a mistake that was told already. Files that
/// are being written are waited for, so that no part of one is taken for the whole.
/// Safe to use from any thread.
package final class FileSource: Service {
  /// What changes lead to, for one reader. Ends with ``run()``.
  package let updates: AsyncStream<FileUpdate>

  private let continuation: AsyncStream<FileUpdate>.Continuation
  private let clock: any Clock<Duration>
  private let now: @Sendable () -> ContinuousClock.Instant
  private let logger: Logger
  private let poller: Mutex<FilePoller>

  /// - Parameters:
  ///   - paths: files, or folders that are searched for `*.yaml`, `*.yml` and `*.json`.
  ///   - times: the time between two looks, and how long a writer is waited for.
  ///   - clock: what the time between two looks is measured by.
  ///   - now: the time of a look, also for ``FileConfiguration/readAt``.
  package init(
    paths: [String], limits: FileLimits = FileLimits(), times: FileTimes = FileTimes(),
    clock: any Clock<Duration> = ContinuousClock(),
    now: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
    logger: Logger = Logger(label: "fairlead.files", factory: { _ in SwiftLogNoOpLogHandler() })
  ) {
    self.clock = clock
    self.now = now
    self.logger = logger
    poller = Mutex(FilePoller(paths: paths, limits: limits, times: times))
    // A reader takes an update in microseconds and one comes with each look at most: the bound is
    // never met by a reader that is alive.
    (updates, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1024))
  }

  /// Reads the files now.
  package func load() throws(RefusedConfiguration) -> FileConfiguration {
    let update = poller.withLock { $0.read(now: now) }
    switch update {
    case .read(let configuration): return configuration
    case .refused(let refusal): throw refusal
    }
  }

  /// Takes one look, and tells in ``updates`` if there is something new.
  package func poll() {
    guard let update = poller.withLock({ $0.poll(now: now) }) else { return }
    switch update {
    case .read:
      logger.debug("configuration read")
    case .refused(let refusal):
      logger.debug("configuration refused", metadata: ["findings": "\(refusal.findings.count)"])
    }
    continuation.yield(update)
  }

  package func run() async throws {
    defer { continuation.finish() }
    await cancelWhenGracefulShutdown { [self] in
      while !Task.isCancelled {
        poll()
        // Cancelled: the loop ends.
        try? await clock.sleep(for: poller.withLock { $0.interval })
      }
    }
  }
}
