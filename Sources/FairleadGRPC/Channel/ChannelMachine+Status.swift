import FairleadBalancing

extension ChannelMachine {
  /// State and counters of every endpoint, in the order of the set.
  var status: [EndpointStatus] {
    balancer.subchannels.map { subchannel in
      let connections = pool(subchannel.id)?.connections ?? []
      return EndpointStatus(
        endpoint: subchannel.endpoint, state: subchannel.state, active: subchannel.active,
        total: subchannel.total, isEjected: subchannel.isEjected,
        connections: connections.filter { $0.phase == .usable }.count,
        lastError: subchannel.lastError)
    }
  }

  /// Whether a connection is the second or a later one to its endpoint; `nil` if nobody wants it.
  func isFurther(_ id: ConnectionID) -> Bool? {
    pool(id.subchannel).flatMap { pool in
      pool[id.number].map { _ in pool.connections.first?.number != id.number }
    }
  }
}
