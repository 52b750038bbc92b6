import NIOCore

/// A run ends when no connection takes calls any more: without an end by time it would go on for hours.
extension LoadWorker {
  private var patience: UInt64 { UInt64(clamping: settings.patience.nanoseconds) }
  private var tick: UInt64 { max(1_000_000, min(patience / 20, 250_000_000)) }
  /// The same when the run's time is over, and calls still wait.
  private var endPatience: UInt64 { min(patience, 1_000_000_000) }

  func scheduleWatch() {
    watch = loop.assumeIsolated().scheduleTask(in: .nanoseconds(Int64(tick))) { self.look() }
  }

  private func look() {
    guard !isOver else { return }
    let now = Self.now
    if connections.contains(where: { $0.map { serves($0, now: now) } ?? false }) {
      lastServed = now
    } else if now &- lastServed > patience {
      let waited = Duration.nanoseconds(Int64(clamping: patience)).text
      let reason = "\(settings.address) took no call for \(waited). \(trouble)"
      failWaiting(reason)
      return giveUp("The run ended early: \(reason)")
    } else if let end = schedule?.end, now > end, now &- lastServed > endPatience {
      failWaiting("No connection took the call before the run's time was over. \(trouble)")
    }
    scheduleWatch()
  }

  /// A connection that the server ends as soon as it is open does not.
  private func serves(_ connection: LoadConnection, now: UInt64) -> Bool {
    connection.isReady && now &- openedAt[connection.index] > tick
      && (connection.hasFreeStream || connection.session.openStreams > 0)
  }
}
