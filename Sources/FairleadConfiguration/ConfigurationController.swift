import FairleadBalancing
import FairleadDiscovery
import FairleadManifests
import FairleadRouting
import ServiceLifecycle
import Synchronization

/// Owns the configuration: takes the objects that a source tells, resolves the targets that they
/// name, and hands each new Snapshot to its sink, one at a time. What comes while one is put in force
/// is compiled together afterwards, so that a burst costs little more than a single change.
///
/// The first Snapshot is made when the source has told every kind once (``ObjectChange/replaceAll(_:_:)``). All methods can be called from any thread.
package final class ConfigurationController: Service {
  private let options: CompileOptions
  private let resolvers: ResolverPool
  private let sink: any ConfigurationSink
  private let settleTime: Duration
  private let clock: any Clock<Duration>
  private let now: @Sendable () -> ContinuousClock.Instant
  private let mailbox = Mutex(Mailbox())
  private let wakeUps: AsyncStream<Void>
  private let wakeUp: AsyncStream<Void>.Continuation

  private struct Mailbox {
    var changes: [ObjectChange] = []
    var findings: [Finding]?
    var resolutions: [String: Resolution] = [:]
    var oldest: ContinuousClock.Instant?
  }

  /// - Parameters:
  ///   - resolvers: makes the resolvers of the targets that objects name.
  ///   - settleTime: after the first sign of a change, how long the rest of it is waited for: a watch each tells of the
  ///     Service, its rules and its slices, and an endpoint that moves leaves one slice before it is in the other.
  ///   - clock: what that is measured by.
  ///   - now: the time, for ``AppliedConfiguration/readAt`` of what resolvers tell.
  package init(
    options: CompileOptions, resolvers: ResolverPool, sink: some ConfigurationSink,
    settleTime: Duration = .milliseconds(10), clock: any Clock<Duration> = ContinuousClock(),
    now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
  ) {
    self.options = options
    self.resolvers = resolvers
    self.sink = sink
    self.settleTime = settleTime
    self.clock = clock
    self.now = now
    (wakeUps, wakeUp) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  // MARK: News

  /// Takes changes of objects, in the order of the calls.
  ///
  /// - Parameter findings: all that there is to say of the objects' text now, in the place of what was
  ///   said before; `nil` leaves that as it is.
  package func submit(
    _ changes: [ObjectChange], findings: [Finding]? = nil, readAt: ContinuousClock.Instant
  ) {
    post(readAt: readAt) { mailbox in
      mailbox.changes += changes
      mailbox.findings = findings ?? mailbox.findings
    }
  }

  private func submit(_ resolution: Resolution, of target: String) {
    post(readAt: now()) { $0.resolutions[target] = resolution }
  }

  private func post(readAt: ContinuousClock.Instant, _ change: (inout Mailbox) -> Void) {
    mailbox.withLock { mailbox in
      mailbox.oldest = mailbox.oldest ?? readAt
      change(&mailbox)
    }
    wakeUp.yield()
  }

  // MARK: The loop

  package func run() async throws {
    await cancelWhenGracefulShutdown { [self] in
      await withTaskGroup(of: Void.self) { group in
        group.addTask { await self.resolvers.run { self.submit($1, of: $0) } }
        group.addTask { await self.publish() }
        await group.waitForAll()
      }
    }
  }

  private func publish() async {
    var state = ConfigurationState(options: options)
    for await _ in wakeUps {
      // Cancelled: the loop ends.
      try? await clock.sleep(for: settleTime)
      let news = mailbox.withLock { mailbox in
        defer { mailbox = Mailbox() }
        return mailbox
      }
      for (target, resolution) in state.changedFailures(in: news.resolutions) {
        await sink.resolverDidChange(target, to: resolution)
      }
      let next = state.take(
        changes: news.changes, findings: news.findings, resolutions: news.resolutions,
        since: news.oldest ?? now())
      resolvers.want(state.targets)
      if let next { await sink.apply(next) }
    }
  }
}
