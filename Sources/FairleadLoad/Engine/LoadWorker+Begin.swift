/// Calls begin.
extension LoadWorker {
  /// Begins all calls that are due and have room.
  func begin() {
    guard !isOver, schedule != nil else { return }
    let now = Self.now
    while let connection = nextConnection() {
      if let call = waiting.popFirst() {
        call.rewind()
        start(call, on: connection)
        continue
      }
      guard let call = nextLoaded(now: now) else {
        if !isOver { turns.prepend(connection) }
        return
      }
      start(call, on: connection)
    }
    if isBlocked {
      // They wait for a connection, as a client's do, and their time runs.
      while let call = nextLoaded(now: now) { waiting.append(call) }
    } else {
      // No connection has room: this tells whether the time is over.
      _ = nextCall(now: now, underWay: .max)
    }
  }

  /// A call that is due, under way from now on; `nil` if there is none.
  private func nextLoaded(now: UInt64) -> LoadCall? {
    guard let scheduled = nextCall(now: now, underWay: underWay), let call = idle.popLast() else {
      return nil
    }
    call.prepare(scheduled, deadline: share.plan.timeout.map { now &+ $0 } ?? .max)
    if let problem = load(call) {
      idle.append(call)
      giveUp("The run ended early at call \(scheduled.number): \(problem)")
      return nil
    }
    underWay += 1
    return call
  }

  private func nextConnection() -> LoadConnection? {
    while let connection = turns.popFirst() {
      guard connection.isReady else { continue }
      if connection.hasFreeStream { return connection }
      connection.heldBack += 1
      notes.streamLimit = connection.session.peerMaxConcurrentStreams
    }
    return nil
  }

  /// Gives the call what it sends; answers with what is wrong with that.
  private func load(_ call: LoadCall) -> String? {
    switch request.payload {
    case .variants(let variants):
      let variant = call.scheduled.number % variants.count
      call.rewind(variant: variant, variants[variant])
      return nil
    case .made(let make):
      do {
        call.rewind(
          variant: -1, try make(LoadTurn(number: call.scheduled.number, slot: call.slot)))
        return nil
      } catch {
        return "\(error)"
      }
    }
  }

  private func start(_ call: LoadCall, on connection: LoadConnection) {
    guard !call.begin(headers, on: connection) else { return }
    waiting.append(call)
    connection.retireUsedUp()
  }
}
