import FairleadBalancing
import GRPCCore

extension ChannelMachine {
  /// The transport over a connection is there. The peer's SETTINGS may have come before.
  mutating func attached(_ id: ConnectionID, _ child: Child, now: Duration) -> [Action] {
    guard connection(id) != nil else { return [.close(id, child)] }
    update(id) { $0.child = child }
    return completed(id, now: now)
  }

  /// The peer's SETTINGS came, the first or further ones.
  ///
  /// - Parameter limit: how many streams it allows at a time.
  mutating func received(_ id: ConnectionID, limit: Int, now: Duration) -> [Action] {
    let isFirst = connection(id)?.limit == nil
    update(id) { $0.limit = limit }
    return isFirst ? completed(id, now: now) : serveParked(id.subchannel, now: now)
  }

  /// It could not be connected, or the transport over it failed.
  mutating func failed(_ id: ConnectionID, error: String, now: Duration) -> [Action] {
    switch connection(id)?.phase {
    case nil: []
    case .connecting, .checking: attemptFailed(id, error: error, now: now)
    case .usable, .unhealthy: wasLost(id, reason: error, now: now)
    }
  }

  /// The connection takes no new streams any more: the peer said GOAWAY, or it is closed.
  mutating func lost(_ id: ConnectionID, reason: String, now: Duration) -> [Action] {
    failed(id, error: reason, now: now)
  }

  private mutating func attemptFailed(
    _ id: ConnectionID, error: String, now: Duration
  ) -> [Action] {
    _ = removeConnection(id)
    let told: [Action] = [
      .cancel(.connect(id)), .log(.connectFailed(name(of: id.subchannel), error: error)),
    ]
    guard let pool = pool(id.subchannel) else { return told }
    if pool.hasUsable || pool.isConnecting || pool.hasUnhealthy {
      let mayGrowAt = now + settings.growthBackoff
      update(id.subchannel) { $0.mayGrowAt = mayGrowAt }
      return told
    }
    balancer.advance(to: now)
    let events = balancer.connectFailed(id.subchannel, error: error)
    return told + carryOut(events, now: now) + [.resolveNow] + serveWaiting(now: now)
  }

  private mutating func wasLost(_ id: ConnectionID, reason: String, now: Duration) -> [Action] {
    _ = removeConnection(id)
    let told: [Action] = [
      .log(.disconnected(name(of: id.subchannel), reason: reason)), .resolveNow,
    ]
    guard let pool = pool(id.subchannel), !pool.hasUsable else { return told }
    balancer.advance(to: now)
    return told + unpark(id.subchannel) + carryOut(balancer.disconnected(id.subchannel), now: now)
      + serveWaiting(now: now)
  }

  /// Both the transport and the SETTINGS are there.
  private mutating func completed(_ id: ConnectionID, now: Duration) -> [Action] {
    guard let connection = connection(id), connection.isComplete, connection.phase == .connecting
    else { return [] }
    let sideStreams = settings.sideStreams
    update(id) { $0.inUse += sideStreams }
    if settings.healthService != nil {
      update(id) { $0.phase = .checking }
      return [.cancel(.connect(id))]
    }
    return [.cancel(.connect(id))] + becameUsable(id, now: now)
  }

  private mutating func becameUsable(_ id: ConnectionID, now: Duration) -> [Action] {
    let isFirst = pool(id.subchannel)?.hasUsable == false
    let name = name(of: id.subchannel)
    let isRecovery = connection(id)?.phase == .unhealthy
    update(id) { $0.phase = .usable }
    let told = [Action.log(isRecovery ? .healthy(name) : .connected(name))]
    guard isFirst else { return told + serveParked(id.subchannel, now: now) }
    balancer.advance(to: now)
    return told + carryOut(balancer.connected(id.subchannel), now: now)
  }

  // MARK: Health

  /// The server's word on its health, the first or another one.
  mutating func healthChanged(
    _ id: ConnectionID, _ verdict: HealthVerdict, now: Duration
  ) -> [Action] {
    switch (verdict, connection(id)?.phase) {
    case (_, nil), (_, .connecting), (.serving, .usable):
      return []
    case (.serving, .checking), (.serving, .unhealthy):
      return becameUsable(id, now: now)
    case (.notServing(let reason), .checking), (.notServing(let reason), .usable),
      (.notServing(let reason), .unhealthy):
      update(id) { $0.phase = .unhealthy }
      guard let pool = pool(id.subchannel), !pool.hasUsable else { return [] }
      balancer.advance(to: now)
      return [.log(.unhealthy(name(of: id.subchannel), reason: reason))] + unpark(id.subchannel)
        + carryOut(balancer.becameUnhealthy(id.subchannel, error: reason), now: now)
        + serveWaiting(now: now)
    }
  }

  /// The server has no such service: the stream is free.
  mutating func sideStreamEnded(_ id: ConnectionID, now: Duration) -> [Action] {
    update(id) { $0.inUse -= 1 }
    return serveParked(id.subchannel, now: now)
  }

  // MARK: What the balancer wants.

  mutating func connect(_ id: SubchannelID, to endpoint: Endpoint) -> [Action] {
    if pool(id) == nil {
      while pools.count <= id.index { pools.append(nil) }
      pools[id.index] = ConnectionPool(
        subchannel: id, address: endpoint.address.description, load: balancer.load(of: id))
    }
    // One that was opened because others were full may be under way.
    if pool(id)?.isConnecting == true { return [] }
    return open(id, to: endpoint)
  }

  mutating func open(_ id: SubchannelID, to endpoint: Endpoint) -> [Action] {
    connectionsEver += 1
    let connection = ConnectionID(subchannel: id, number: connectionsEver)
    update(id) { $0.add(connection.number) }
    return [
      .schedule(.connect(connection), after: settings.connectTimeout),
      .connect(connection, endpoint), .log(.connecting(endpoint.address.description)),
    ]
  }

  /// No new calls; what runs may end. Another pool may take the place of this one at once.
  mutating func disband(_ id: SubchannelID) -> [Action] {
    var actions = unpark(id)
    for connection in pool(id)?.connections ?? [] {
      let connectionID = ConnectionID(subchannel: id, number: connection.number)
      actions.append(.cancel(.connect(connectionID)))
      actions.append(connection.child.map { .close(connectionID, $0) } ?? .abandon(connectionID))
    }
    if pool(id) != nil { pools[id.index] = nil }
    return actions
  }

  // MARK: Access to what may be gone.

  func name(of id: SubchannelID) -> String {
    pool(id)?.address ?? "an endpoint that left"
  }

  func pool(_ id: SubchannelID) -> ConnectionPool<Child>? {
    guard pools.indices.contains(id.index), pools[id.index]?.subchannel == id else { return nil }
    return pools[id.index]
  }

  func connection(_ id: ConnectionID) -> ConnectionPool<Child>.Connection? {
    pool(id.subchannel)?[id.number]
  }

  mutating func update(_ id: SubchannelID, _ change: (inout ConnectionPool<Child>) -> Void) {
    guard pools.indices.contains(id.index), pools[id.index]?.subchannel == id else { return }
    // In place: a copy would cost an allocation for each call.
    change(&pools[id.index]!)
  }

  mutating func update(
    _ id: ConnectionID, _ change: (inout ConnectionPool<Child>.Connection) -> Void
  ) {
    update(id.subchannel) { $0.update(id.number, change) }
  }

  private mutating func removeConnection(_ id: ConnectionID) -> ConnectionPool<Child>.Connection? {
    var removed: ConnectionPool<Child>.Connection?
    update(id.subchannel) { removed = $0.remove(id.number) }
    return removed
  }
}
