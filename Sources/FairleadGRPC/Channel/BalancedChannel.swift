import FairleadBalancing
import FairleadDiscovery
import GRPCCore
import GRPCNIOTransportHTTP2Posix
import Logging
import NIOCore
import Synchronization

/// The owner of a ``ChannelMachine``: carries out what it decides and tells it what happens. Safe to
/// use from any thread; all its tasks are children of ``run()``.
final class BalancedChannel: Sendable {
  typealias Waiter = CheckedContinuation<Lease<WrappedChannel>, any Error>
  typealias Machine = ChannelMachine<WrappedChannel, Waiter>

  /// What ``run()`` does beside the calls' own tasks.
  enum Command: Sendable {
    case connect(ConnectionID, FairleadBalancing.Endpoint)
    case run(@Sendable () async -> Void)
  }

  let clock = ChannelClock()
  let mark: UnprocessedMark
  let settings: ChannelSettings
  let random: RandomSource
  let machine: Mutex<Machine>
  let connector: Connector
  let log: ChannelLog
  let metrics: ClientMetrics?
  let tally = Mutex(ConnectionTally())
  let attempts = Mutex<[ConnectionID: ConnectionAttempt]>([:])
  let callsEver = Atomic<Int>(0)
  let commands = AsyncStream<Command>.makeStream()
  private let resolver: Resolver
  private let timers: ChannelTimers
  /// Ends when the channel shuts down, so that the resolver stops while calls still run.
  private let life = AsyncStream<Never>.makeStream()

  init(
    settings: ChannelSettings, connector: Connector, resolver: Resolver, random: RandomSource,
    loop: any EventLoop, log: ChannelLog, metrics: ClientMetrics?
  ) {
    machine = Mutex(Machine(settings: settings, random: random))
    self.settings = settings
    self.random = random
    mark = connector.mark
    self.connector = connector
    self.resolver = resolver
    self.log = log
    self.metrics = metrics
    timers = ChannelTimers(on: loop)
  }

  /// Resolves, connects and keeps connected. Returns when the channel was shut down and the last call
  /// has ended; cancelled, it closes all connections at once.
  func run() async {
    let (begins, actions) = machine.withLock { $0.start(now: clock.now) }
    guard begins else { return }
    perform(actions)
    await withTaskCancellationHandler {
      await withDiscardingTaskGroup { group in
        group.addTask { await self.followResolver() }
        for await command in commands.stream {
          switch command {
          case .connect(let id, let endpoint):
            group.addTask { await self.keep(id, to: endpoint) }
          case .run(let job):
            group.addTask { await job() }
          }
        }
      }
    } onCancel: {
      beginGracefulShutdown()
    }
  }

  func beginGracefulShutdown() {
    apply { machine, _ in machine.beginGracefulShutdown() }
  }

  /// What ``BalancedTransport/endpoints`` tells.
  func status() -> [EndpointStatus] {
    machine.withLock { $0.status }
  }

  // MARK: The machine

  func apply(_ event: (inout Machine, Duration) -> [Machine.Action]) {
    perform(machine.withLock { event(&$0, clock.now) })
  }

  private func perform(_ actions: [Machine.Action]) {
    for action in actions {
      switch action {
      case .connect(let id, let endpoint):
        commands.continuation.yield(.connect(id, endpoint))
      case .abandon(let id):
        attempts.withLock { $0[id] }?.abandon()
      case .close(let id, let child):
        let attempt = attempts.withLock { $0[id] }
        attempt?.endSideStreams()
        // grpc-swift does not wait for streams that begin after this.
        attempt?.goAway.set()
        child.beginGracefulShutdown()
      case .schedule(let timer, let delay):
        timers.schedule(timer, after: delay) { [weak self] timer in
          self?.apply { machine, now in machine.elapsed(timer, now: now) }
        }
      case .cancel(let timer):
        timers.cancel(timer)
      case .cancelAllTimers:
        timers.cancelAll()
      case .resume(let waiter, let result):
        waiter.resume(with: result)
      case .resolveNow:
        resolver.resolveNow()
      case .finish:
        commands.continuation.finish()
        life.continuation.finish()
      case .log(let event):
        log.happened(event)
        metrics?.happened(event)
        tally.withLock { $0.happened(event) }
      }
    }
  }

  private func followResolver() async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.resolver.run() }
      group.addTask {
        for await resolution in self.resolver {
          self.apply { machine, now in machine.resolved(resolution, now: now) }
        }
      }
      group.addTask {
        for await _ in self.life.stream {}
      }
      await group.next()
      group.cancelAll()
    }
  }
}
