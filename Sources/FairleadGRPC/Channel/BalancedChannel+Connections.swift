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
    guard machine.withLock({ $0.connection(id) }) != nil else { return }
    await withTaskCancellationHandler {
      do {
        let child = try await connector.connect(to: endpoint, attempt: attempt) {
          [weak self] news in self?.heard(news, of: id)
        }
        await serve(child, id, attempt)
      } catch {
        apply { machine, now in
          machine.failed(id, error: ConnectionProblem.words(of: error), now: now)
        }
      }
    } onCancel: {
      attempt.abandon()
    }
    apply { machine, now in machine.lost(id, reason: "the connection was closed", now: now) }
  }

  /// Returns when the connection is closed.
  private func serve(_ child: WrappedChannel, _ id: ConnectionID, _ attempt: ConnectionAttempt)
    async
  {
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        // How it ended, its observer tells.
        try? await child.connect()
        attempt.endSideStreams()
      }
      group.addTask { await self.use(child, id, attempt) }
    }
    // The transport is held until then: NIO ends the process over a writer that vanishes from under an
    // open channel.
    await attempt.close()
    withExtendedLifetime(child) {}
  }

  /// Calls get the connection when the transport over it is ready: it queues those that come before, and
  /// loses its queue when it shuts down.
  private func use(_ child: WrappedChannel, _ id: ConnectionID, _ attempt: ConnectionAttempt) async
  {
    let isReady: Void? = try? await child.withStream(
      descriptor: MethodDescriptor(fullyQualifiedService: "fairlead", method: "Probe"),
      options: .defaults
    ) { _, _ in
      // Nothing is written, so nothing is sent.
    }
    guard isReady != nil else { return }
    apply { machine, now in machine.attached(id, child, now: now) }
    guard settings.sideStreams > 0 else { return }
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.watchHealth(id, child) }
      group.addTask { await self.watchLoad(id, child) }
      await attempt.sideStreamsEnd()
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
      case .lost(let reason, _): machine.lost(id, reason: reason, now: now)
      }
    }
    // After that, so that what they say at their end is not heard.
    if case .lost = news { attempts.withLock { $0[id] }?.endSideStreams() }
  }
}
