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
    guard let connection = removeConnection(id) else { return [] }
    let name = name(of: id.subchannel)
    switch connection.phase {
    case .connecting where connection.limit != nil:
      // The server was there, and has gone before the transport over the connection was ready: it was
      // connected, and is not.
      balancer.advance(to: now)
      vain.lost(id, hadCalls: false, reason: named(error, id.subchannel))
      let wasFirst = pool(id.subchannel)?.standing == ConnectionPool<Child>.Standing.none
      return [.cancel(.connect(id)), .log(.disconnected(name, reason: error)), .resolveNow]
        + restrain(id.subchannel, now: now)
        + (wasFirst ? carryOut(balancer.connected(id.subchannel), now: now) : [])
        + settle(id.subchannel, error: error, now: now)
    case .connecting:
      vain.unreachable(id.subchannel)
      return [.cancel(.connect(id)), .log(.connectFailed(name, error: error)), .resolveNow]
        + restrain(id.subchannel, now: now) + settle(id.subchannel, error: error, now: now)
    case .checking, .usable, .unhealthy:
      vain.lost(id, hadCalls: connection.hadCalls, reason: named(error, id.subchannel))
      // One that goes without a call must not be followed by the next at once.
      return [.log(.disconnected(name, reason: error)), .resolveNow]
        + (connection.hadCalls ? [] : restrain(id.subchannel, now: now))
        + settle(id.subchannel, error: error, now: now)
    }
  }

  /// The connection takes no new streams any more: the peer said GOAWAY, or it is closed.
  mutating func lost(_ id: ConnectionID, reason: String, now: Duration) -> [Action] {
    failed(id, error: reason, now: now)
  }

  /// Both the transport and the SETTINGS are there.
  private mutating func completed(_ id: ConnectionID, now: Duration) -> [Action] {
    guard let connection = connection(id), connection.isComplete, connection.phase == .connecting
    else { return [] }
    let sideStreams = settings.sideStreams
    let checksHealth = settings.healthService != nil
    update(id) { connection in
      connection.sideStreams = sideStreams
      connection.inUse += sideStreams
      connection.phase = checksHealth ? .checking : .usable
    }
    return [.cancel(.connect(id)), .log(.connected(name(of: id.subchannel)))]
      + settle(id.subchannel, now: now) + becameIdle(id, now: now)
  }

  /// Tells the balancer what the connections of a subchannel amount to now.
  ///
  /// - Parameter error: why there is none, if there is none.
  private mutating func settle(
    _ id: SubchannelID, error: String = "", now: Duration
  ) -> [Action] {
    guard let pool = pool(id) else { return [] }
    balancer.advance(to: now)
    switch pool.standing {
    case .usable:
      return carryOut(balancer.connected(id), now: now) + serveParked(id, now: now)
    case .unhealthy(let reason):
      unpark(id)
      return carryOut(balancer.becameUnhealthy(id, error: pool.named(reason)), now: now)
        + serveWaiting(now: now)
    case .connecting:
      unpark(id)
      return carryOut(balancer.disconnected(id), now: now) + serveWaiting(now: now)
    case .none:
      unpark(id)
      let failure = balancer.connectFailed(id, error: pool.named(error))
      return carryOut(failure.isEmpty ? balancer.disconnected(id) : failure, now: now)
        + serveWaiting(now: now)
    }
  }

  // MARK: Health

  /// The server's word on its health, the first or another one.
  mutating func healthChanged(
    _ id: ConnectionID, _ verdict: HealthVerdict, now: Duration
  ) -> [Action] {
    let name = name(of: id.subchannel)
    switch (verdict, connection(id)?.phase) {
    case (_, nil), (_, .connecting), (.serving, .usable):
      return []
    case (.serving, .checking), (.serving, .unhealthy):
      update(id) { $0.phase = .usable }
      return [.log(.healthy(name))] + settle(id.subchannel, now: now) + becameIdle(id, now: now)
    case (.notServing(let reason), .checking), (.notServing(let reason), .usable),
      (.notServing(let reason), .unhealthy):
      update(id) { connection in
        connection.phase = .unhealthy
        connection.healthProblem = reason
      }
      return [.log(.unhealthy(name, reason: reason))] + settle(id.subchannel, now: now)
    }
  }

  /// The server has no such service: the stream is free.
  mutating func sideStreamEnded(_ id: ConnectionID, now: Duration) -> [Action] {
    update(id) { connection in
      connection.inUse -= 1
      connection.sideStreams -= 1
    }
    return serveParked(id.subchannel, now: now)
  }

  // MARK: What the balancer wants.

  mutating func connect(_ id: SubchannelID, to endpoint: Endpoint, now: Duration) -> [Action] {
    if pool(id) == nil {
      while pools.count <= id.index { pools.append(nil) }
      pools[id.index] = ConnectionPool(
        subchannel: id, address: endpoint.address.description, load: balancer.load(of: id))
    }
    switch pool(id)?.standing {
    case .connecting:
      // One that was opened because others were full.
      return []
    case .usable:
      return carryOut(balancer.connected(id), now: now)
    case .unhealthy(let reason):
      return carryOut(balancer.becameUnhealthy(id, error: reason), now: now)
    case .some(.none), nil:
      return open(id, to: endpoint)
    }
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
    unpark(id)
    var actions: [Action] = []
    for connection in pool(id)?.connections ?? [] {
      let connectionID = ConnectionID(subchannel: id, number: connection.number)
      actions.append(.cancel(.connect(connectionID)))
      actions.append(connection.child.map { .close(connectionID, $0) } ?? .abandon(connectionID))
    }
    if pool(id) != nil { pools[id.index] = nil }
    return actions
  }

  // MARK: Access to what may be gone.

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
