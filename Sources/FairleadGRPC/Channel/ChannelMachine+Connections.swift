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

  /// It could not be connected, or was lost before it was ready.
  mutating func failed(_ id: ConnectionID, error: String, now: Duration) -> [Action] {
    guard let connection = removeConnection(id) else { return [] }
    let cancel: [Action] = [.cancel(.connect(id)), .log(.connectFailed(name(of: id.subchannel), error: error))]
    guard let pool = pool(id.subchannel) else { return cancel }
    if pool.hasUsable || pool.isConnecting || pool.hasUnhealthy {
      let mayGrowAt = now + settings.growthBackoff
      update(id.subchannel) { $0.mayGrowAt = mayGrowAt }
      return cancel
    }
    balancer.advance(to: now)
    let events =
      connection.phase == .usable
      ? balancer.disconnected(id.subchannel)
      : balancer.connectFailed(id.subchannel, error: error)
    return cancel + unpark(id.subchannel) + carryOut(events, now: now)
      + [.resolveNow] + serveWaiting(now: now)
  }

  /// The connection takes no new streams any more: the peer said GOAWAY, or it is closed.
  mutating func lost(_ id: ConnectionID, reason: String, now: Duration) -> [Action] {
    switch connection(id)?.phase {
    case nil:
      return []
    case .connecting:
      return failed(id, error: reason, now: now)
    case .checking, .usable, .unhealthy:
      break
    }
    _ = removeConnection(id)
    let log: [Action] = [.log(.disconnected(name(of: id.subchannel), reason: reason)), .resolveNow]
    guard let pool = pool(id.subchannel), !pool.hasUsable else { return log }
    balancer.advance(to: now)
    return log + unpark(id.subchannel) + carryOut(balancer.disconnected(id.subchannel), now: now)
      + serveWaiting(now: now)
  }

  /// Both the transport and the SETTINGS are there.
  private mutating func completed(_ id: ConnectionID, now: Duration) -> [Action] {
    guard let connection = connection(id), connection.isComplete, connection.phase == .connecting,
      let child = connection.child
    else { return [] }
    if settings.healthService != nil {
      update(id) { $0.phase = .checking }
      return [.cancel(.connect(id)), .watchHealth(id, child)]
    }
    return [.cancel(.connect(id))] + becameUsable(id, now: now)
  }

  mutating func becameUsable(_ id: ConnectionID, now: Duration) -> [Action] {
    let isFirst = pool(id.subchannel)?.hasUsable == false
    update(id) { $0.phase = .usable }
    guard isFirst else { return serveParked(id.subchannel, now: now) }
    balancer.advance(to: now)
    return [.log(.connected(name(of: id.subchannel)))]
      + carryOut(balancer.connected(id.subchannel), now: now)
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
