extension Balancer {
  /// The attempt that `connect` asked for succeeded, or a server that was unhealthy serves again.
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
    switch policy.connects {
    case .all:
      return publish()
    case .first:
      return keepOnly(id) + publish()
    }
  }

  /// The attempt that `connect` asked for failed, in words.
  public mutating func connectFailed(_ id: SubchannelID, error: String) -> [Action] {
    guard let attempts = table[id]?.machine.connectFailed(error: error) else { return [] }
    table[id]?.isCold = true
    settle(without: [id])
    let retry = Action.retry(id, after: backoff.delay(attempt: attempts, random: random))
    switch policy.connects {
    case .all:
      return [retry] + publish(lastError: error)
    case .first:
      return [retry] + continuePass(startingNext: true) + publish(lastError: error)
    }
  }

  /// The last usable connection of a ready or unhealthy subchannel is gone (closed, or GOAWAY
  /// received).
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
      pass.resting = nil
      return (policy.connects == .all ? connect(id) : continuePass()) + publish()
    case .rest:
      // One that was unhealthy is in transient failure now, and holds back nobody else.
      if policy.connects == .first, table[id]?.machine.state == .idle {
        pass.resting = id
      }
      return [.retry(id, after: backoff.delay(attempt: 1, random: random))] + publish()
    }
  }

  /// The time of a `retry` is over.
  public mutating func retryElapsed(_ id: SubchannelID) -> [Action] {
    switch policy.connects {
    case .all:
      return connect(id) + publish()
    case .first:
      if pass.resting == id {
        pass.resting = nil
      }
      table[id]?.machine.rest()
      return continuePass() + publish()
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
}
