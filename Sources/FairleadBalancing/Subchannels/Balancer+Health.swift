extension Balancer {
  /// The connection lives, and the server at its other end says that it does not serve; or nobody
  /// can tell whether it does (gRFC A17).
  ///
  /// It counts as in transient failure, without a timer and without another attempt, until
  /// ``connected(_:)`` tells that the server serves, or ``disconnected(_:)`` that the connection is
  /// gone. Calls that run there are not touched. May be said of a connection that `connect` asked
  /// for before it was ever ready.
  ///
  /// Under ``ConnectStrategy/first`` the next endpoint is tried; the connection is given up when
  /// another one is ready first.
  ///
  /// - Parameter error: why, in words, for calls that fail because of it.
  public mutating func becameUnhealthy(_ id: SubchannelID, error: String) -> [Action] {
    guard let subchannel = table[id],
      table[id]?.machine.becameUnhealthy(error: error, calls: subchannel.load.total) == true
    else { return [] }
    table[id]?.isCold = true
    settle(without: [id])
    switch policy.connects {
    case .all:
      return publish(lastError: error)
    case .first:
      let wasKnown = subchannel.machine.state == .transientFailure
      return continuePass(startingNext: !wasKnown) + publish(lastError: error)
    }
  }
}
