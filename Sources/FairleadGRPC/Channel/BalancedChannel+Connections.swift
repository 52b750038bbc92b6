import FairleadBalancing
import GRPCCore
import Synchronization

extension BalancedChannel {
  /// One connection from the first attempt to its end.
  func keep(_ id: ConnectionID, to endpoint: FairleadBalancing.Endpoint) async {
    let attempt = ConnectionAttempt()
    attempts.withLock { $0[id] = attempt }
    defer { attempts.withLock { $0[id] = nil } }
    // Given up before it began?
    guard let isFurther = machine.withLock({ $0.isFurther(id) }) else { return }
    // A child that is told to shut down before it connects returns at once. It is kept until its socket
    // is closed: NIO ends the process if a connection is let go before.
    var kept: WrappedChannel?
    await withTaskCancellationHandler {
      do {
        let child = try await connector.connect(
          to: endpoint, isFurther: isFurther, attempt: attempt
        ) {
          [weak self] news in self?.heard(news, of: id)
        }
        kept = child
        apply { machine, now in machine.attached(id, child, now: now) }
        try await serve(child, id)
      } catch {
        apply { machine, now in
          machine.failed(id, error: ConnectionProblem.words(of: error), now: now)
        }
      }
    } onCancel: {
      attempt.abandon()
    }
    await attempt.close()
    withExtendedLifetime(kept) {}
    apply { machine, now in machine.lost(id, reason: "the connection was closed", now: now) }
  }

  /// Returns when the connection is closed.
  private func serve(_ child: WrappedChannel, _ id: ConnectionID) async throws {
    guard settings.sideStreams > 0 else { return try await child.connect() }
    try await withThrowingTaskGroup(of: Bool.self) { group in
      group.addTask {
        try await child.connect()
        return true
      }
      group.addTask {
        await self.watchHealth(id, child)
        return false
      }
      group.addTask {
        await self.watchLoad(id, child)
        return false
      }
      while let isClosed = try await group.next(), !isClosed {}
      group.cancelAll()
    }
  }

  private func watchHealth(_ id: ConnectionID, _ child: WrappedChannel) async {
    guard let service = settings.healthService else { return }
    let watch = HealthWatch(
      child: child, service: service, backoff: settings.backoff, random: random)
    await watch.run { verdict in
      self.apply { machine, now in machine.healthChanged(id, verdict, now: now) }
    }
    apply { machine, now in machine.sideStreamEnded(id, now: now) }
  }

  private func watchLoad(_ id: ConnectionID, _ child: WrappedChannel) async {
    guard let period = settings.loadReportPeriod,
      let load = machine.withLock({ $0.pool(id.subchannel)?.load })
    else { return }
    let watch = LoadWatch(child: child, period: period, backoff: settings.backoff, random: random)
    await watch.run { [clock] report in load.record(report, now: clock.now) }
    apply { machine, now in machine.sideStreamEnded(id, now: now) }
  }

  private func heard(_ news: ConnectionNews, of id: ConnectionID) {
    apply { machine, now in
      switch news {
      case .settings(let limit): machine.received(id, limit: limit, now: now)
      case .lost(let reason): machine.lost(id, reason: reason, now: now)
      }
    }
  }
}
