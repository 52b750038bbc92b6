/// Calls that are under way on no connection: none takes them, or they are begun anew.
extension LoadWorker {
  /// No connection takes a call, and none will when one ends.
  var isBlocked: Bool { readyConnections == 0 || underWay == waiting.count }

  /// Calls that wait have a deadline, too.
  func expireWaiting(now: UInt64) {
    guard waiting.contains(where: { $0.deadline <= now }) else { return }
    let message =
      isBlocked
      ? "No connection took the call in time. \(trouble)" : "The call did not end in time."
    let late = waiting.filter { $0.deadline <= now }
    waiting.removeAll { $0.deadline <= now }
    for call in late {
      end(call, CallEnding(status: .deadlineExceeded, message: message), backend: nil, at: now)
    }
    wake()
  }

  /// There is no connection at all, and why is known.
  func failWaiting(_ reason: String) {
    guard schedule != nil, !isOver else { return }
    let now = Self.now
    let failed = waiting
    waiting.removeAll()
    for call in failed {
      end(
        call, CallEnding(status: .unavailable, message: reason, isAnswer: false), backend: nil,
        at: now)
    }
    wake()
  }

  /// What the server does in place of taking calls.
  var trouble: String {
    let isFull = connections.contains { $0?.isReady == true && $0?.hasFreeStream == false }
    if isFull { return "Its settings allow no call on a connection." }
    return lastTrouble ?? "Check that it runs."
  }
}
