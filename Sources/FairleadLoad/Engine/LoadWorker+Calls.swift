/// Calls end, and are measured.
extension LoadWorker {
  /// How often a call is begun anew that no server has looked at.
  private static let maximumRestarts = 5

  func didEnd(_ call: LoadCall, over connection: LoadConnection?, _ ending: CallEnding) {
    if let connection, connection.isReady { turns.append(connection) }
    wake()
    guard !isOver else { return }
    if ending.isAnswer { lastServed = Self.now }
    var ending = ending
    if ending.isUnprocessed {
      if call.restarts < Self.maximumRestarts, call.deadline > Self.now {
        call.noteRestart()
        waiting.append(call)
        return
      }
      if let goAway = connection?.goAway {
        ending.message = "The server closed the connection with \(goAway) before it took the call."
      }
    }
    end(call, ending, backend: backend(of: call, over: connection), at: call.endedAt)
  }

  func end(_ call: LoadCall, _ ending: CallEnding, backend: Int?, at: UInt64) {
    underWay -= 1
    idle.append(call)
    guard call.scheduled.isMeasured, let start = schedule?.measuredStart else { return }
    let latency = ending.isAnswer ? at &- call.scheduled.intendedStart : nil
    measurements.record(
      latencyNanoseconds: latency, status: ending.status, backend: backend, at: at &- start)
    measurements.bytesSent += call.bytesSent
    measurements.bytesReceived += call.bytesReceived
    lastEnd = max(lastEnd, at)
    if ending.status != .ok, !ending.message.isEmpty {
      measurements.note(message: ending.message, for: ending.status)
    }
  }

  /// Who answered, as the measurements know it.
  private func backend(of call: LoadCall, over connection: LoadConnection?) -> Int? {
    guard let connection, let index = name(of: call, over: connection) else { return nil }
    connection.lastBackend = index
    guard call.scheduled.isMeasured else { return index }
    if connection.slot < 0 { connection.slot = measurements.connection() }
    measurements.answered(over: connection.slot)
    if connection.countedBackend != index {
      connection.countedBackend = index
      measurements.note(connection: connection.number, answeredBy: index)
    }
    return index
  }

  private func name(of call: LoadCall, over connection: LoadConnection) -> Int? {
    switch request.backend {
    case .peer:
      if connection.lastBackend >= 0 { return connection.lastBackend }
      return connection.peer.isEmpty ? nil : measurements.backend(named: connection.peer)
    case .header:
      return call.backendHeader.map { bytes in
        names.index(of: bytes) { measurements.backend(named: $0) }
      }
    case .field(let field):
      return call.firstMessage.flatMap(field.value(in:)).map { measurements.backend(named: $0) }
    }
  }
}
