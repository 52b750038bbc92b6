extension Balancer {
  /// The time of `attempt` is over: an attempt has neither succeeded nor failed, so the next endpoint
  /// is tried beside it.
  public mutating func attemptDelayElapsed() -> [Action] {
    guard pass.isDelayRunning else { return [] }
    return continuePass(startingNext: true)
  }

  /// What `ConnectStrategy.first` has to do now, after whatever happened (gRFC A61): try the next
  /// endpoint; or let the delay run; or, when all have failed, try each again after its own backoff.
  ///
  /// - Parameter startingNext: begin another attempt even if one is under way.
  mutating func continuePass(startingNext: Bool = false) -> [Action] {
    let wasDelayRunning = pass.isDelayRunning
    pass.isDelayRunning = false
    guard isAwake, pass.resting == nil, !table.isEmpty else { return [] }
    var isConnecting = false
    var hasUntried = false
    var haveAllFailed = true
    for subchannel in table.inOrder {
      switch subchannel.machine.state {
      case .ready: return []
      case .connecting: isConnecting = true
      case .idle: hasUntried = hasUntried || subchannel.isUntried
      case .transientFailure, .draining: break
      }
      haveAllFailed = haveAllFailed && subchannel.machine.failure != nil
    }
    if hasUntried {
      let mayWait = isConnecting && !startingNext
      pass.isDelayRunning = true
      return mayWait ? delayAttempt(unless: wasDelayRunning) : connectNext()
    }
    guard haveAllFailed else { return [] }
    pass.hasFailed = true
    return table.inOrder.filter { $0.machine.state == .idle }.map(\.id).flatMap { connect($0) }
  }

  private func delayAttempt(unless isRunning: Bool) -> [Action] {
    isRunning ? [] : [.attempt(after: attemptDelay)]
  }

  /// Tries the first endpoint that was not tried in this pass; the delay runs if there are more.
  private mutating func connectNext() -> [Action] {
    let untried = table.idsByFamily.filter { table[$0]?.isUntried == true }
    pass.isDelayRunning = untried.count > 1
    return untried.prefix(1).flatMap { connect($0) }
      + (untried.count > 1 ? [.attempt(after: attemptDelay)] : [])
  }

  /// One endpoint is ready, and all others are given up.
  mutating func keepOnly(_ id: SubchannelID) -> [Action] {
    pass = Pass()
    var actions: [Action] = []
    for other in table.ids where other != id {
      if table[other]?.machine.giveUp() == true {
        actions.append(.cancelConnect(other))
      }
    }
    return actions
  }
}
