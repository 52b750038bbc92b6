import FairleadBalancing

/// Further connections to an endpoint whose others are full.
extension ChannelMachine {
  /// One more connection, if all are full and there may be one.
  mutating func grow(_ id: SubchannelID, now: Duration) -> [Action] {
    guard let pool = pool(id), !pool.parked.isEmpty, !pool.isConnecting, now >= pool.mayGrowAt,
      pool.connections.count < settings.maximumConnectionsPerEndpoint,
      let endpoint = balancer.endpoint(of: id)
    else { return [] }
    return [.log(.full(name(of: id), connections: pool.connections.count))] + open(id, to: endpoint)
  }

  /// A further connection could not be had: the next one is tried after a rest.
  mutating func restrain(_ id: SubchannelID, now: Duration) -> [Action] {
    guard pool(id)?.hasUsable == true else { return [] }
    let mayGrowAt = now + settings.growthBackoff
    update(id) { $0.mayGrowAt = mayGrowAt }
    return [.schedule(.grow(id), after: settings.growthBackoff)]
  }

  /// The rest after a further connection that could not be had is over.
  mutating func growElapsed(_ id: SubchannelID, now: Duration) -> [Action] {
    update(id) { $0.mayGrowAt = .zero }
    return grow(id, now: now)
  }

  /// A connection beside others closes when it had no call for a time.
  mutating func becameIdle(_ id: ConnectionID, now: Duration) -> [Action] {
    guard let pool = pool(id.subchannel), pool.connections.count > 1,
      let connection = pool[id.number], !connection.hasCalls, pool.isFurther(id.number)
    else { return [] }
    update(id) { $0.idleSince = now }
    return connection.idleSince == nil
      ? [.schedule(.idle(id), after: settings.furtherIdleTime)] : []
  }

  /// The time that ``becameIdle(_:now:)`` asked for is over.
  mutating func idleElapsed(_ id: ConnectionID, now: Duration) -> [Action] {
    guard let connection = connection(id), let child = connection.child,
      let since = connection.idleSince
    else { return [] }
    update(id) { $0.idleSince = nil }
    guard connection.phase == .usable, !connection.hasCalls,
      pool(id.subchannel)?.isFurther(id.number) == true
    else { return [] }
    let rest = since + settings.furtherIdleTime - now
    if rest > .zero {
      update(id) { $0.idleSince = since }
      return [.schedule(.idle(id), after: rest)]
    }
    update(id.subchannel) { _ = $0.remove(id.number) }
    return [.close(id, child), .log(.idle(name(of: id.subchannel)))]
  }
}
