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
  private let settings: ChannelSettings
  private let random: RandomSource
  private let machine: Mutex<Machine>
  private let connector: Connector
  private let resolver: Resolver
  private let timers: ChannelTimers
  private let log: ChannelLog
  private let attempts = Mutex<[ConnectionID: ConnectionAttempt]>([:])
  private let callsEver = Atomic<Int>(0)
  private let commands = AsyncStream<Command>.makeStream()
  /// Ends when the channel shuts down, so that the resolver stops while calls still run.
  private let life = AsyncStream<Never>.makeStream()

  init(
    settings: ChannelSettings, connector: Connector, resolver: Resolver, random: RandomSource,
    loop: any EventLoop, log: ChannelLog
  ) {
    machine = Mutex(Machine(settings: settings, random: random))
    self.settings = settings
    self.random = random
    mark = connector.mark
    self.connector = connector
    self.resolver = resolver
    self.log = log
    timers = ChannelTimers(on: loop)
  }

  /// Resolves, connects and keeps connected. Returns when the channel was shut down and the last call
  /// has ended; cancelled, it closes all connections at once.
  func run() async {
    let (begins, actions) = machine.withLock { $0.start(now: clock.now) }
    guard begins else { return }
    perform(actions)
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
    beginGracefulShutdown()
  }

  func beginGracefulShutdown() {
    apply { machine, _ in machine.beginGracefulShutdown() }
  }

  /// What ``BalancedTransport/endpoints`` tells.
  func status() -> [EndpointStatus] {
    machine.withLock { $0.status }
  }

  // MARK: Calls

  /// A place for a call, perhaps after a wait.
  func lease(_ request: CallRequest) async throws -> Lease<WrappedChannel> {
    switch machine.withLock({ $0.pick(request, now: clock.now) }) {
    case .lease(let lease):
      return lease
    case .fail(let error):
      log.failed(error)
      throw error
    case .wait:
      return try await wait(request)
    }
  }

  private func wait(_ request: CallRequest) async throws -> Lease<WrappedChannel> {
    let id = callsEver.wrappingAdd(1, ordering: .relaxed).newValue
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        apply { machine, now in machine.enqueue(id, continuation, request: request, now: now) }
        if Task.isCancelled { cancel(id) }
      }
    } onCancel: {
      cancel(id)
    }
  }

  private func cancel(_ id: Int) {
    machine.withLock { $0.cancel(id) }?.resume(throwing: CancellationError())
  }

  /// A stream has ended; how, was told before.
  func release(_ lease: Lease<WrappedChannel>) {
    apply { machine, now in machine.release(lease, now: now) }
  }

  /// A call did not get to use its place: that says nothing of the endpoint.
  func unused(_ lease: Lease<WrappedChannel>) {
    lease.load.callEnded()
    release(lease)
  }

  /// A call has ended at its endpoint.
  func ended(_ outcome: CallOutcome, of lease: Lease<WrappedChannel>) {
    guard let status = outcome.status else { return lease.load.callEnded() }
    if status == .ok { lease.load.recordLatency(outcome.duration, now: clock.now) }
    if let report = outcome.report { lease.load.record(report, now: clock.now) }
    guard lease.load.callEnded(status: status.rawValue) else { return }
    apply { machine, now in machine.failedInARow(lease.connection.subchannel, now: now) }
  }

  /// Opens a stream whose scope a task of the channel keeps open until the call has ended.
  func hold(
    descriptor: MethodDescriptor, options: CallOptions, avoiding: SubchannelID
  ) async throws -> HeldStream {
    var request = CallRequest(
      avoiding: avoiding, hash: CallHash.current, waitsForReady: options.waitForReady ?? false)
    for _ in 0..<Self.maximumAttempts {
      let lease = try await lease(request)
      if let stream = await open(on: lease, descriptor: descriptor, options: options) {
        return stream
      }
      unused(lease)
      request.avoiding = lease.connection.subchannel
      try Task.checkCancellation()
    }
    throw ChannelFailure.noStream
  }

  /// How often a call is given another connection when the one that it was given is gone already.
  static let maximumAttempts = 5

  private func open(
    on lease: Lease<WrappedChannel>, descriptor: MethodDescriptor, options: CallOptions
  ) async -> HeldStream? {
    let (streams, offer) = AsyncStream<RPCStream<CallStream.Inbound, CallStream.Outbound>>
      .makeStream()
    let (ending, end) = AsyncStream<Never>.makeStream()
    commands.continuation.yield(
      .run {
        // An error before there is a stream: `streams` ends without one.
        try? await lease.child.withStream(descriptor: descriptor, options: options) { stream, _ in
          offer.yield(stream)
          offer.finish()
          for await _ in ending {}
        }
        offer.finish()
      })
    for await stream in streams {
      return HeldStream(stream: stream, lease: lease, ending: end)
    }
    end.finish()
    return nil
  }

  // MARK: The machine

  private func apply(_ event: (inout Machine, Duration) -> [Machine.Action]) {
    perform(machine.withLock { event(&$0, clock.now) })
  }

  private func perform(_ actions: [Machine.Action]) {
    for action in actions {
      switch action {
      case .connect(let id, let endpoint):
        commands.continuation.yield(.connect(id, endpoint))
      case .abandon(let id):
        attempts.withLock { $0[id] }?.abandon()
      case .close(_, let child):
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
      }
    }
  }

  // MARK: Tasks

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

  /// One connection from the first attempt to its end.
  private func keep(_ id: ConnectionID, to endpoint: FairleadBalancing.Endpoint) async {
    let attempt = ConnectionAttempt()
    attempts.withLock { $0[id] = attempt }
    defer { attempts.withLock { $0[id] = nil } }
    // Given up before it began?
    guard let isFurther = machine.withLock({ $0.isFurther(id) }) else { return }
    // A child that is told to shut down before it connects returns at once. It is kept until its socket
    // is closed: NIO ends the process if a connection is let go before.
    var kept: WrappedChannel?
    await withTaskCancellationHandler {
      do {
        let child = try await connector.connect(to: endpoint, isFurther: isFurther, attempt: attempt) {
          [weak self] news in self?.heard(news, of: id)
        }
        kept = child
        apply { machine, now in machine.attached(id, child, now: now) }
        try await serve(child, id)
      } catch {
        apply { machine, now in
          machine.failed(id, error: ConnectionProblem.words(of: error), now: now)
        }
      }
    } onCancel: {
      attempt.abandon()
    }
    await attempt.close()
    withExtendedLifetime(kept) {}
    apply { machine, now in machine.lost(id, reason: "the connection was closed", now: now) }
  }

  /// Returns when the connection is closed.
  private func serve(_ child: WrappedChannel, _ id: ConnectionID) async throws {
    guard settings.healthService != nil else { return try await child.connect() }
    try await withThrowingTaskGroup(of: Bool.self) { group in
      group.addTask {
        try await child.connect()
        return true
      }
      group.addTask {
        await self.watchHealth(id, child)
        return false
      }
      while let isClosed = try await group.next(), !isClosed {}
      group.cancelAll()
    }
  }

  private func watchHealth(_ id: ConnectionID, _ child: WrappedChannel) async {
    guard let service = settings.healthService else { return }
    let watch = HealthWatch(
      child: child, service: service, backoff: settings.backoff, random: random)
    await watch.run { verdict in
      self.apply { machine, now in machine.healthChanged(id, verdict, now: now) }
    }
    apply { machine, now in machine.healthWatchEnded(id, now: now) }
  }

  private func heard(_ news: ConnectionNews, of id: ConnectionID) {
    apply { machine, now in
      switch news {
      case .settings(let limit): machine.received(id, limit: limit, now: now)
      case .lost(let reason): machine.lost(id, reason: reason, now: now)
      }
    }
  }
}
