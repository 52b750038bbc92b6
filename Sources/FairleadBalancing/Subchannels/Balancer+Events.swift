extension Balancer {
  /// The attempt that `connect` asked for succeeded.
  public mutating func connected(_ id: SubchannelID) -> [Action] {
    guard let calls = table[id]?.load.total,
      table[id]?.machine.connected(calls: calls) == true
    else { return [] }
    settle(without: [id])
    table[id]?.load.reports.becameReady()
    if table[id]?.isCold == true {
      table[id]?.isCold = false
      table[id]?.coldSince = now
    }
    if policy.connects == .first {
      roundTimer = nil
      for other in table.ids {
        table[other]?.machine.forget()
      }
    }
    return publish()
  }

  /// The attempt that `connect` asked for failed, in words.
  public mutating func connectFailed(_ id: SubchannelID, error: String) -> [Action] {
    guard let attempts = table[id]?.machine.connectFailed(error: error) else { return [] }
    table[id]?.isCold = true
    settle(without: [id])
    let next: [Action]
    switch policy.connects {
    case .all:
      next = [.retry(id, after: backoff.delay(attempt: attempts, random: random))]
    case .first:
      next = connectNext()
    }
    return next + publish(lastError: error)
  }

  /// The last usable connection of a ready subchannel is gone (closed, or GOAWAY received).
  ///
  /// It is connected again at once; only if that was the second connection in a row to go without a
  /// call, after the first step of the backoff.
  public mutating func disconnected(_ id: SubchannelID) -> [Action] {
    guard let calls = table[id]?.load.total,
      let loss = table[id]?.machine.disconnected(calls: calls)
    else { return [] }
    switch loss {
    case .none:
      return []
    case .reconnect:
      return (policy.connects == .all ? connect(id) : connectNext()) + publish()
    case .rest:
      roundTimer = policy.connects == .first ? id : nil
      return [.retry(id, after: backoff.delay(attempt: 1, random: random))] + publish()
    }
  }

  /// The time of a `retry` is over.
  public mutating func retryElapsed(_ id: SubchannelID) -> [Action] {
    switch policy.connects {
    case .all:
      return connect(id) + publish()
    case .first:
      guard roundTimer == id else { return [] }
      roundTimer = nil
      for id in table.ids {
        table[id]?.machine.rest()
      }
      return connectNext() + publish()
    }
  }

  /// The time of `settle` is over: whoever is ready takes the calls.
  public mutating func settleElapsed() -> [Action] {
    guard case .waiting = settling else { return [] }
    settling = .done
    return publish()
  }

  /// These need not be waited for any more.
  mutating func settle(without settled: [SubchannelID]) {
    guard case .waiting(var pending) = settling else { return }
    pending.subtract(settled)
    settling = pending.isEmpty ? .done : .waiting(pending)
  }

  /// One step of `ConnectStrategy.first`: the first endpoint that was not tried in this round; when
  /// all were, a rest before the next round.
  mutating func connectNext() -> [Action] {
    let subchannels = table.inOrder
    var attempts = 0
    for subchannel in subchannels {
      switch subchannel.machine.state {
      case .connecting, .ready:
        return []
      case .idle, .transientFailure, .draining:
        attempts = max(attempts, subchannel.machine.failure?.attempts ?? 0)
      }
    }
    if let next = subchannels.first(where: { $0.machine.state == .idle }) {
      return connect(next.id)
    }
    guard roundTimer == nil, let first = subchannels.first else { return [] }
    roundTimer = first.id
    return [.retry(first.id, after: backoff.delay(attempt: attempts, random: random))]
  }
}
