import DequeModule
import FairleadBalancing
import FairleadRouting
import FairleadTelemetry
import NIOCore

/// A cluster on one worker: its ``Balancer`` decides, its pools connect, and calls wait here while none is ready.
final class UpstreamCluster {
  let worker: Worker
  let name: String
  /// For connections that are balanced as they come.
  let connections: ConnectionPicker
  private(set) var cluster: Cluster
  private var balancer: Balancer
  /// By the index of the subchannel.
  private var pools: ContiguousArray<UpstreamPool?> = []
  /// Pools whose endpoint has left and which finish their calls.
  private var leaving: [UpstreamPool] = []
  private var waiting = Deque<Exchange>()
  /// How often a connection attempt delay began; only the last one counts.
  private var attemptDelays = 0
  private var totals: ClusterMetrics
  /// For connections that are balanced as they come; their endpoints need no pool.
  private var connectionMetrics: [Endpoint: EndpointMetrics] = [:]

  init(_ cluster: Cluster, worker: Worker) {
    self.cluster = cluster
    self.worker = worker
    name = cluster.name
    connections = ConnectionPicker(random: worker.random, start: worker.index)
    balancer = Balancer(
      policy: Self.policy(of: cluster), backoff: .proxy,
      settleTime: worker.configuration.settleTime, random: worker.random)
    totals = ClusterMetrics(
      identity: ClusterMetrics.Identity(
        cluster: cluster.name, serviceHost: cluster.service.host, serviceName: cluster.service.name,
        serviceNamespace: cluster.service.namespace, subset: cluster.subset ?? ""))
    connections.update(cluster.endpoints)
    perform(balancer.update(cluster.endpoints))
  }

  private static func policy(of cluster: Cluster) -> any Policy {
    guard let policy = PolicyRegistry.standard[cluster.policyName] else {
      preconditionFailure("A Snapshot names only policies of the registry.")
    }
    return policy
  }

  // MARK: Calls

  var retriesLostCalls: Bool { cluster.retriesLostCalls }

  /// Gives the call an endpoint, lets it wait for one, or answers it.
  func assign(_ exchange: Exchange) {
    switch balancer.picker.pick(PickRequest(avoiding: exchange.retries.avoiding)) {
    case .subchannel(let id):
      guard let pool = pool(id) else {
        preconditionFailure("A picker names only subchannels that have a pool.")
      }
      pool.start(exchange)
    case .wait:
      wait(exchange)
    case .fail(.noEndpoints) where !cluster.isResolved:
      wait(exchange)
    case .fail(.noEndpoints):
      exchange.reply(.noEndpoints(name))
    case .fail(.allUnreachable(let lastError)):
      exchange.reply(.allUnreachable(name, lastError: lastError))
    }
  }

  /// A call ended that no endpoint had.
  func count(_ outcome: CallOutcome) {
    totals.unassigned.record(outcome)
  }

  /// Counts something of a connection that was given to an endpoint as it is.
  func countTCP(at endpoint: Endpoint, _ count: (inout EndpointMetrics) -> Void) {
    count(&connectionMetrics[endpoint, default: EndpointMetrics()])
  }

  private func wait(_ exchange: Exchange) {
    let limit = worker.configuration.maxWaitingCalls
    if waiting.count >= limit {
      forgetEnded()
    }
    guard waiting.count < limit else {
      return exchange.reply(.overflow(name, limit: limit))
    }
    waiting.append(exchange)
    callWaits()
    perform(balancer.wake())
  }

  /// Calls whose clients have left or whose deadline has passed keep their place until somebody needs it.
  private func forgetEnded() {
    let before = waiting.count
    waiting.removeAll { $0.phase != .routing }
    for _ in waiting.count..<before {
      callMovesOn()
    }
  }

  private func assignWaiting() {
    for _ in 0..<waiting.count {
      guard let exchange = waiting.popFirst() else { return }
      callMovesOn()
      if exchange.phase == .routing {
        assign(exchange)
      }
    }
  }

  // MARK: Endpoints

  /// Becomes as the Snapshot has it. Returns whether it is in the Snapshot: if it is not, it loses its endpoints, and
  /// running calls finish.
  @discardableResult
  func update(from snapshot: Snapshot) -> Bool {
    guard let wanted = snapshot.clusters[name] else {
      removeAllEndpoints()
      return false
    }
    if wanted != cluster {
      update(wanted)
    }
    return true
  }

  private func update(_ wanted: Cluster) {
    let old = cluster
    var wanted = wanted
    if !wanted.isResolved {
      // Another target than before has not answered yet: until it does, what was there is better than nothing.
      wanted.endpoints = old.endpoints
      wanted.policyName = old.policyName
    }
    cluster = wanted
    connections.update(wanted.endpoints)
    sweepConnectionMetrics()
    if wanted.policyName != old.policyName {
      perform(balancer.setPolicy(Self.policy(of: wanted)))
    }
    perform(balancer.update(wanted.endpoints))
    for case .some(let pool) in pools {
      pool.endpoint = balancer.endpoint(of: pool.id) ?? pool.endpoint
    }
    if wanted.isResolved, !old.isResolved {
      assignWaiting()
    }
  }

  /// Running calls finish. Those that wait for a target's first answer get none any more.
  func removeAllEndpoints() {
    cluster.endpoints = .empty
    cluster.isResolved = true
    perform(balancer.update(.empty))
    assignWaiting()
  }

  /// Nothing of it runs any more.
  var isQuiet: Bool {
    sweepLeaving()
    return leaving.isEmpty && pools.allSatisfy { $0 == nil }
      && connectionMetrics.values.allSatisfy { $0.tcp.active == 0 }
  }

  func closeAll() {
    for pool in leaving {
      pool.closeAll()
    }
  }

  /// Endpoints that have left and whose last connection is closed.
  private func sweepConnectionMetrics() {
    for (endpoint, metrics) in connectionMetrics
    where metrics.tcp.active == 0 && !cluster.endpoints.endpoints.contains(endpoint) {
      totals.depart(metrics)
      connectionMetrics[endpoint] = nil
    }
  }

  private func sweepLeaving() {
    for pool in leaving where pool.isQuiet {
      totals.depart(pool.metrics)
    }
    leaving.removeAll(where: \.isQuiet)
  }

  // MARK: What pools report

  /// A call waits for a free stream of an endpoint.
  func callWaits() {
    totals.unassigned.callBegan()
  }

  /// It does so no longer.
  func callMovesOn() {
    totals.unassigned.callMoved()
  }

  func poolDidConnect(_ pool: UpstreamPool) {
    guard owns(pool) else { return }
    perform(balancer.connected(pool.id))
  }

  func poolDidFailToConnect(_ pool: UpstreamPool, error: String) {
    guard owns(pool) else { return }
    askToResolve()
    perform(balancer.connectFailed(pool.id, error: error))
  }

  func poolDidDisconnect(_ pool: UpstreamPool) {
    guard owns(pool) else { return }
    askToResolve()
    perform(balancer.disconnected(pool.id))
  }

  /// An endpoint is lost: its source may know of others by now.
  private func askToResolve() {
    guard !cluster.targets.isEmpty else { return }
    worker.unreachable(cluster.targets)
  }

  /// Whether it is still the pool of its subchannel: an id is used again after its endpoint has left.
  private func owns(_ pool: UpstreamPool) -> Bool {
    self.pool(pool.id) === pool
  }

  // MARK: What the balancer wants

  private func perform(_ actions: [Balancer.Action]) {
    for action in actions {
      switch action {
      case .connect(let id, let endpoint):
        pool(id, endpoint).connect()
      case .cancelConnect(let id):
        // Its next attempt gets another pool, so that nothing is heard of this one.
        drain(id)
      case .attempt(let delay):
        attemptDelays += 1
        schedule(after: delay) { [attemptDelays] cluster in
          guard cluster.attemptDelays == attemptDelays else { return }
          cluster.perform(cluster.balancer.attemptDelayElapsed())
        }
      case .retry(let id, let delay):
        guard let pool = pool(id) else { continue }
        schedule(after: delay) { [weak pool] cluster in
          guard let pool, cluster.owns(pool) else { return }
          cluster.perform(cluster.balancer.retryElapsed(id))
        }
      case .settle(let delay):
        schedule(after: delay) { $0.perform($0.balancer.settleElapsed()) }
      case .drain(let id):
        drain(id)
      case .observed:
        break  // The proxy asks no endpoint for reports of its load, and has no outlier detection.
      case .pickerChanged:
        assignWaiting()
      }
    }
  }

  private func schedule(
    after delay: Duration, _ body: @escaping (UpstreamCluster) -> Void
  ) {
    worker.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(delay)) { [weak self] in
      guard let self else { return }
      _ = self.worker.clock.tick()
      body(self)
    }
  }

  private func pool(_ id: SubchannelID, _ endpoint: Endpoint) -> UpstreamPool {
    while pools.count <= id.index {
      pools.append(nil)
    }
    if let pool = pools[id.index] {
      return pool
    }
    let pool = UpstreamPool(id: id, endpoint: endpoint, load: balancer.load(of: id), cluster: self)
    pools[id.index] = pool
    return pool
  }

  private func pool(_ id: SubchannelID) -> UpstreamPool? {
    pools.indices.contains(id.index) ? pools[id.index] : nil
  }

  private func drain(_ id: SubchannelID) {
    guard let pool = pool(id) else { return }
    pools[id.index] = nil
    leaving.append(pool)
    pool.drain()
    sweepLeaving()
  }

  // MARK: Status

  func metrics() -> ClusterMetrics {
    sweepLeaving()
    var metrics = totals
    // One address may be here more than once: an endpoint that left with calls running and has come back.
    let endpoints =
      (pools.compactMap(\.self) + leaving).map { ($0.endpoint, $0.metrics) }
      + connectionMetrics.map { ($0.key, $0.value) }
    for (endpoint, counts) in endpoints {
      let endpoint = ClusterMetrics.Endpoint(
        name: endpoint.name, address: endpoint.address.description, metrics: counts.copy())
      metrics += ClusterMetrics(identity: metrics.identity, endpoints: [endpoint])
    }
    return metrics
  }

  func status() -> ClusterStatus {
    let endpoints = balancer.subchannels.map { status in
      var endpoint = EndpointStatus(
        status, connections: pool(status.id)?.connectionCount ?? 0)
      if let tcp = connectionMetrics[status.endpoint]?.tcp {
        endpoint.connections += Int(tcp.active)
      }
      return endpoint
    }
    return ClusterStatus(
      name: name, service: cluster.service.host, port: cluster.port, subset: cluster.subset,
      policy: cluster.policyName,
      connectivity: endpoints.map(\.state).min() ?? .idle,
      endpoints: endpoints + leaving.filter { !$0.isQuiet }.map(\.leavingStatus))
  }
}
