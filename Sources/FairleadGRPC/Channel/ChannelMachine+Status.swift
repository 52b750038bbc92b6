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

  func name(of id: SubchannelID) -> String {
    pool(id)?.address ?? "an endpoint that left"
  }

  /// What went wrong with an endpoint, with where that is.
  func named(_ problem: String, _ id: SubchannelID) -> String {
    pool(id)?.named(problem) ?? problem
  }
}
