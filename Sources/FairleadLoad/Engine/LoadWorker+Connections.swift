import FairleadBalancing
import NIOCore

/// Connections come, go, and are replaced.
extension LoadWorker {
  /// A connection that lived longer than this is replaced at once.
  private static let shortLife: UInt64 = 1_000_000_000
  private static let backoff = Backoff(initial: .milliseconds(50), maximum: .seconds(2))

  /// Opens all connections. Succeeds when each is open or has failed, and one is open; fails with a ``LoadFailure`` if none
  /// is.
  func open() -> EventLoopFuture<Void> {
    guard !isOver else { return loop.makeSucceededVoidFuture() }
    let promise = loop.makePromise(of: Void.self)
    opening = LoadOpening(pending: share.connections, promise: promise)
    for index in connections.indices { connect(index) }
    return promise.futureResult
  }

  private func connect(_ index: Int) {
    guard !isOver else { return }
    connectionCount += 1
    let connection = LoadConnection(
      index: index, number: connectionCount * share.workers + share.worker, worker: self)
    connections[index] = connection
    connection.open(settings)
  }

  func didOpen(_ connection: LoadConnection) {
    guard !isOver else { return connection.finish() }
    measurements.connectionsOpened += 1
    readyConnections += 1
    openedAt[connection.index] = Self.now
    admit(connection)
    opening?.didOpen()
  }

  func didFailToOpen(_ connection: LoadConnection, _ error: (any Error)?) {
    guard !isOver else { return }
    let reason = ConnectionFault.sentence(error, settings: settings)
    lastTrouble = reason
    notes.failedConnections += 1
    notes.connectionFailure = notes.connectionFailure ?? reason
    opening?.didFail(reason)
    connections[connection.index] = nil
    connectLater(connection.index)
    if opening?.isPending != true, readyConnections == 0 {
      failWaiting(reason)
    }
  }

  /// It takes no more calls: another one takes its place.
  ///
  /// - Parameter cause: What the server did, behind "since"; `nil` if nothing.
  func didRetire(_ connection: LoadConnection, since cause: String?) {
    guard !isOver else { return }
    readyConnections -= 1
    if let cause {
      measurements.connectionsLost += 1
      notes.lossCause = notes.lossCause ?? cause
      lastTrouble = "The last connection was lost, since \(cause)."
    }
    connections[connection.index] = nil
    if Self.now &- openedAt[connection.index] > Self.shortLife {
      attempts[connection.index] = 0
      connect(connection.index)
    } else {
      connectLater(connection.index)
    }
  }

  private func connectLater(_ index: Int) {
    attempts[index] += 1
    let delay = Self.backoff.delay(attempt: attempts[index], random: random)
    loop.assumeIsolated().scheduleTask(in: .nanoseconds(delay.nanoseconds)) {
      self.connect(index)
    }
  }

  /// It can take calls: as many as are its share.
  private func admit(_ connection: LoadConnection) {
    for _ in 0..<share.quota(ofConnection: connection.index) { turns.append(connection) }
    wake()
  }

  /// Calls that the server had no room for can be made.
  func didFreeStream(of connection: LoadConnection) {
    while connection.heldBack > 0, connection.hasFreeStream {
      connection.heldBack -= 1
      turns.append(connection)
      wake()
    }
  }
}
