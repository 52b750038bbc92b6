import FairleadBalancing
import FairleadRouting
import FairleadTelemetry
import Logging
import NIOCore

/// One event loop of the proxy and all that lives on it: its clients' connections, its own connections to endpoints, its
/// pickers and counters. Nothing in it is shared with another worker, so nothing in it is locked.
final class Worker {
  /// Its place among the workers.
  let index: Int
  let eventLoop: any EventLoop
  let configuration: ProxyConfiguration
  let random: RandomSource
  let logger: Logger
  /// Told the targets of endpoints that could not be reached or were lost, from this worker's thread.
  let unreachable: @Sendable ([String]) -> Void
  let flusher: Flusher
  var clock = WorkerClock()
  /// What is being written: one block for all connections, taken over by a socket only if it is full.
  var output = ByteBufferAllocator().buffer(capacity: 16 * 1024)
  var listeners: [ListenerMetrics]
  private(set) var routes: RouteTable
  private(set) var isDraining = false

  private var clusters: [String: UpstreamCluster] = [:]
  /// Clusters that are out of the configuration and still finish calls.
  private var departed: [UpstreamCluster] = []
  private var retired = ProxyMetrics()
  private var downstreams: [ObjectIdentifier: any DrainableConnection] = [:]
  private var deadlines: DeadlineWheel<Exchange>
  private var deadlineTimer: Scheduled<Void>?
  private var drained: EventLoopPromise<Void>?

  init(
    index: Int, eventLoop: any EventLoop, configuration: ProxyConfiguration,
    listenerNames: [String],
    seed: UInt64, logger: Logger, unreachable: @escaping @Sendable ([String]) -> Void = { _ in }
  ) {
    self.index = index
    self.eventLoop = eventLoop
    self.configuration = configuration
    self.logger = logger
    self.unreachable = unreachable
    random = RandomSource(seed: seed)
    flusher = Flusher(eventLoop: eventLoop)
    listeners = listenerNames.map(ListenerMetrics.init(name:))
    routes = RouteTable(snapshot: .empty, replacing: nil)
    deadlines = DeadlineWheel(now: clock.now)
  }

  // MARK: Configuration

  /// Puts a whole configuration in force: routes for calls that begin from now on, endpoints for all.
  func apply(_ snapshot: Snapshot) {
    _ = clock.tick()
    if case .endpoints(let names) = snapshot.changes,
      snapshot.generation == routes.snapshot.generation + 1
    {
      routes.adopt(snapshot)
      for name in names { clusters[name]?.update(from: snapshot) }
    } else {
      routes = RouteTable(snapshot: snapshot, replacing: routes)
      for cluster in clusters.values {
        if cluster.update(from: snapshot) { continue }
        clusters[cluster.name] = nil
        departed.append(cluster)
      }
      retireDeparted()
    }
  }

  /// What clusters counted that are gone stays, so that the sums over a service's clusters never go back.
  private func retireDeparted() {
    for cluster in departed where cluster.isQuiet {
      retired.merge(ProxyMetrics(clusters: [cluster.metrics()]))
    }
    departed.removeAll(where: \.isQuiet)
  }

  /// The cluster of this name, made when it is first needed; nil if the configuration has none.
  func cluster(named name: String) -> UpstreamCluster? {
    if let cluster = clusters[name] {
      return cluster
    }
    guard let cluster = routes.snapshot.clusters[name] else { return nil }
    let made = UpstreamCluster(cluster, worker: self)
    clusters[name] = made
    return made
  }

  // MARK: Clients

  /// Connections whose protocol is not known yet.
  var undecidedConnections = 0

  /// Whether another client may connect.
  var hasRoomForConnections: Bool {
    downstreams.count + undecidedConnections < configuration.maxDownstreamConnections
  }

  func add(_ connection: any DrainableConnection) {
    downstreams[ObjectIdentifier(connection)] = connection
    if isDraining {
      connection.drain()
    }
  }

  func remove(_ connection: any DrainableConnection) {
    downstreams[ObjectIdentifier(connection)] = nil
    if downstreams.isEmpty {
      drained?.succeed()
      drained = nil
    }
  }

  /// Asks every client to take its calls elsewhere; done when the last has gone.
  func drain() -> EventLoopFuture<Void> {
    isDraining = true
    guard !downstreams.isEmpty else { return eventLoop.makeSucceededVoidFuture() }
    let promise = drained ?? eventLoop.makePromise(of: Void.self)
    drained = promise
    for connection in Array(downstreams.values) {
      connection.drain()
    }
    return promise.futureResult
  }

  /// Closes what is still open, calls or not.
  func closeAll() {
    for connection in Array(downstreams.values) {
      connection.closeNow()
    }
    for cluster in Array(clusters.values) + departed {
      cluster.removeAllEndpoints()
      cluster.closeAll()
    }
  }

  // MARK: Deadlines

  func watchDeadline(of exchange: Exchange) {
    deadlines.insert(exchange)
    if deadlineTimer == nil {
      scheduleDeadlines()
    }
  }

  func forgetDeadline(of exchange: Exchange) {
    deadlines.remove(exchange)
  }

  private func scheduleDeadlines() {
    let tick = TimeAmount.nanoseconds(Int64(DeadlineWheel<Exchange>.tick))
    deadlineTimer = eventLoop.assumeIsolated().scheduleTask(in: tick) { self.expireDeadlines() }
  }

  private func expireDeadlines() {
    deadlineTimer = nil
    for exchange in deadlines.expire(now: clock.tick()) {
      exchange.deadlineExpired()
    }
    if deadlines.count > 0 {
      scheduleDeadlines()
    }
  }

  // MARK: Status

  func metrics() -> ProxyMetrics {
    retireDeparted()
    var metrics = ProxyMetrics(listeners: listeners)
    for cluster in Array(clusters.values) + departed {
      metrics.merge(ProxyMetrics(clusters: [cluster.metrics()]))
    }
    metrics.merge(retired)
    return metrics
  }

  func status() -> [ClusterStatus] {
    (Array(clusters.values) + departed).map { $0.status() }
  }
}

/// A client's connection, as the worker's shutdown sees it.
protocol DrainableConnection: AnyObject {
  /// Finish what runs, take nothing new, then close.
  func drain()
  func closeNow()
}
