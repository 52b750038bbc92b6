import FairleadRouting
import FairleadTelemetry
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization

/// The data plane: listeners, and the workers that their connections are dealt out to.
///
/// `run` binds and serves until it is asked to stop; then it drains: listeners close, clients are told to go in two
/// steps, calls finish, for at most `drainTime`. All other methods can be called from any thread at any time.
package final class Proxy: Service {
  private let configuration: ProxyConfiguration
  private let group: MultiThreadedEventLoopGroup
  private let workers: [WorkerHandle]
  private let logger: Logger
  private let state = Mutex(State())

  private struct State {
    var snapshot = Snapshot.empty
    var phase = Phase.starting
    var addresses: [String] = []
    var waiters: [CheckedContinuation<[String], Never>] = []
  }

  /// Where the proxy is in its life.
  package enum Phase: Sendable {
    case starting
    case serving
    case draining
  }

  /// A worker, and the only way to it from other threads.
  private struct WorkerHandle: Sendable {
    let eventLoop: any EventLoop
    let worker: NIOLoopBound<Worker>

    func run<Value: Sendable>(
      _ body: @escaping @Sendable (Worker) -> Value
    ) -> EventLoopFuture<Value> {
      eventLoop.submit { body(worker.value) }
    }
  }

  /// - Parameters:
  ///   - group: one event loop for each worker; the owner shuts it down after `run` has returned.
  ///   - unreachable: told the targets whose resolvers should look again, as an endpoint of theirs could not be
  ///     reached or was lost. Called on any worker's thread, as often as that happens.
  package init(
    configuration: ProxyConfiguration, group: MultiThreadedEventLoopGroup, logger: Logger,
    unreachable: @escaping @Sendable (_ targets: [String]) -> Void = { _ in }
  ) async throws {
    self.configuration = configuration
    self.group = group
    self.logger = logger
    let names = Self.listeners(of: configuration).map(\.name)
    var workers: [WorkerHandle] = []
    for (index, eventLoop) in group.makeIterator().enumerated() {
      let seed = configuration.seed &+ UInt64(index) &* 0x9E37_79B9
      let bound = try await eventLoop.submit {
        NIOLoopBound(
          Worker(
            index: index, eventLoop: eventLoop, configuration: configuration, listenerNames: names,
            seed: seed, logger: logger, unreachable: unreachable),
          eventLoop: eventLoop)
      }.get()
      workers.append(WorkerHandle(eventLoop: eventLoop, worker: bound))
    }
    self.workers = workers
  }

  private struct ListenerPlan {
    let address: ProxyConfiguration.ListenAddress
    let authority: String?
    var name: String { authority ?? "outbound" }
  }

  private static func listeners(of configuration: ProxyConfiguration) -> [ListenerPlan] {
    let outbound = configuration.outbound.map { ListenerPlan(address: $0, authority: nil) }
    return [outbound].compactMap(\.self)
      + configuration.binds.map { ListenerPlan(address: $0.address, authority: $0.authority) }
  }

  // MARK: Life

  package func run() async throws {
    // Whoever waits for the addresses is answered, also when there will be none.
    defer { enter(.draining) }
    let channels = try await bind()
    try? await gracefulShutdown()
    enter(.draining)
    for channel in channels {
      try? await channel.close()
    }
    await drain()
  }

  package var phase: Phase {
    state.withLock(\.phase)
  }

  /// Waits until the listeners are bound; their addresses, the outbound one first, then the binds in their order.
  package func listening() async -> [String] {
    await withCheckedContinuation { continuation in
      let addresses: [String]? = state.withLock { state in
        guard state.phase == .starting else { return state.addresses }
        state.waiters.append(continuation)
        return nil
      }
      if let addresses {
        continuation.resume(returning: addresses)
      }
    }
  }

  private func enter(_ phase: Phase, addresses: [String] = []) {
    let waiters = state.withLock { state in
      state.phase = phase
      state.addresses = addresses
      defer { state.waiters = [] }
      return state.waiters
    }
    for waiter in waiters {
      waiter.resume(returning: addresses)
    }
  }

  private func bind() async throws -> [any Channel] {
    var channels: [any Channel] = []
    for (index, plan) in Self.listeners(of: configuration).enumerated() {
      let listener = Listener(index: index, authority: plan.authority)
      do {
        channels.append(
          try await bootstrap(for: listener)
            .bind(host: plan.address.host, port: plan.address.port).get())
      } catch {
        for channel in channels {
          try? await channel.close()
        }
        throw BindError(
          host: plan.address.host, port: plan.address.port, reason: SystemMessage.text(of: error))
      }
    }
    let addresses = channels.map { channel in
      channel.localAddress.flatMap { address in
        address.ipAddress.map { "\($0.contains(":") ? "[\($0)]" : $0):\(address.port ?? 0)" }
      } ?? ""
    }
    enter(.serving, addresses: addresses)
    logger.info("listening", metadata: ["addresses": "\(addresses.joined(separator: ", "))"])
    return channels
  }

  private func bootstrap(for listener: Listener) -> ServerBootstrap {
    let workers = workers
    return ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 4096)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelOption(.allowRemoteHalfClosure, value: true)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          guard let handle = workers.first(where: { $0.eventLoop === channel.eventLoop }) else {
            preconditionFailure("Every event loop of the group has a worker.")
          }
          let worker = handle.worker.value
          guard worker.hasRoomForConnections else {
            worker.listeners[listener.index].limitTripped("connections")
            throw ConnectionLimitReached()
          }
          try channel.pipeline.syncOperations.addHandler(
            ProtocolDetector(listener: listener, worker: worker))
        }
      }
  }

  private func drain() async {
    logger.info("draining")
    let waits = workers.map { handle in
      handle.eventLoop.flatSubmit { handle.worker.value.drain() }
    }
    let timers = workers.map { handle in
      handle.eventLoop.scheduleTask(in: TimeAmount(configuration.drainTime)) {
        handle.worker.value.closeAll()
      }
    }
    for wait in waits {
      try? await wait.get()
    }
    for timer in timers {
      timer.cancel()
    }
    for handle in workers {
      try? await handle.run { $0.closeAll() }.get()
    }
  }

  // MARK: Configuration

  /// Puts a Snapshot in force; returns when every worker obeys it.
  package func apply(_ snapshot: Snapshot) async {
    state.withLock { $0.snapshot = snapshot }
    let applied = workers.map { handle in handle.run { $0.apply(snapshot) } }
    for future in applied {
      try? await future.get()
    }
  }

  /// The Snapshot in force.
  package var snapshot: Snapshot {
    state.withLock { $0.snapshot }
  }

  // MARK: Status

  /// What all workers have counted, without what belongs to the process.
  package func metrics() async -> ProxyMetrics {
    var total = ProxyMetrics(workers: workers.count)
    for future in workers.map({ handle in handle.run { $0.metrics() } }) {
      if let metrics = try? await future.get() {
        total.merge(metrics)
      }
    }
    return total
  }

  /// All clusters of the configuration, and those that are out of it and still finish calls. One that was not called yet
  /// is idle.
  package func clusters() async -> [ClusterStatus] {
    var statuses = snapshot.clusters.values.map(ClusterStatus.init(uncalled:))
    for future in workers.map({ handle in handle.run { $0.status() } }) {
      statuses += (try? await future.get()) ?? []
    }
    return ClusterStatus.merging(statuses)
  }
}

/// A listener could not be bound.
package struct BindError: Error, CustomStringConvertible {
  let host: String
  let port: Int
  let reason: String

  package var description: String {
    "Cannot listen on \(host):\(port): \(reason); free the port or name another one."
  }
}

/// One client too many: its connection is closed at once.
struct ConnectionLimitReached: Error {}
