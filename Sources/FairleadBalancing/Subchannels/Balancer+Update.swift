extension Balancer {
  /// The set as it is now, whole. A set equal to the last one changes nothing.
  ///
  /// An address that remains keeps its subchannel: the connection, the state and the counters, with
  /// whatever else of the endpoint is new. One that is gone is drained, and never picked again. The
  /// actions are, in this order: drains in the order of the old set, connects in the order of the
  /// new one, then `settle` and `pickerChanged`.
  public mutating func update(_ set: EndpointSet) -> [Action] {
    guard set != endpoints else { return [] }
    endpoints = set
    let gone = table.removeAll(except: set)
    var actions = gone.map { Action.drain($0) }
    // Whoever is new need not wait for the rest of an old one.
    pass.resting = nil
    if set.isEmpty {
      pass = Pass()
    }
    settle(without: gone)
    let announcedAgain = renew(set)
    table.insertAll(of: set)
    tellOutlierDetector()
    if isAwake {
      actions += announcedAgain.flatMap { retryRenewed($0) }
      actions += connectWanted()
    }
    return actions + publish()
  }

  /// A call wants an endpoint while the balancer is idle: connect, and stay awake.
  public mutating func wake() -> [Action] {
    guard !isAwake else { return [] }
    isAwake = true
    return connectWanted() + publish()
  }

  /// Something suggests that endpoints are reachable again, the network is back for example: try
  /// those that wait for their backoff now. A timer that still runs does no harm.
  public mutating func resetBackoff() -> [Action] {
    guard isAwake else { return [] }
    pass.resting = nil
    for id in table.ids {
      table[id]?.machine.rest()
    }
    return connectWanted() + publish()
  }

  /// Takes on what is new of endpoints that remain. Returns the failing ones that have another name
  /// now: another pod at the same address, which deserves an attempt of its own.
  private mutating func renew(_ set: EndpointSet) -> [SubchannelID] {
    var announcedAgain: [SubchannelID] = []
    for endpoint in set.endpoints {
      guard let id = table.id(at: endpoint.address), let old = table[id]?.endpoint else { continue }
      if old == endpoint { continue }
      table[id]?.endpoint = endpoint
      if old.name != endpoint.name {
        announcedAgain.append(id)
      }
    }
    return announcedAgain
  }

  /// Ends the backoff of one subchannel, for another pod at its address.
  private mutating func retryRenewed(_ id: SubchannelID) -> [Action] {
    switch policy.connects {
    case .all:
      guard table[id]?.machine.state == .transientFailure else { return [] }
      return connect(id)
    case .first:
      table[id]?.machine.renew()
      return []
    }
  }

  /// Connects what the policy wants connected.
  mutating func connectWanted() -> [Action] {
    switch policy.connects {
    case .all:
      let idle = table.inOrder.filter { $0.machine.state == .idle }.map(\.id)
      return idle.flatMap { connect($0) } + beginSettling()
    case .first:
      // The first that is ready takes all calls: there is nothing to wait for.
      settling = table.isEmpty ? settling : .done
      return continuePass()
    }
  }

  mutating func connect(_ id: SubchannelID) -> [Action] {
    guard table[id]?.machine.connect() == true, let endpoint = table[id]?.endpoint else {
      return []
    }
    return [.connect(id, endpoint)]
  }

  /// The first time that there is something to connect, calls wait for all of it.
  private mutating func beginSettling() -> [Action] {
    guard case .notBegun = settling, !table.isEmpty else { return [] }
    guard settleTime > .zero else {
      settling = .done
      return []
    }
    settling = .waiting(Set(table.ids))
    return [.settle(after: settleTime)]
  }
}
