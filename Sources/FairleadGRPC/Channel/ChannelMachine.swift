import DequeModule
import FairleadBalancing
import FairleadDiscovery
import GRPCCore

/// One channel as a value: which endpoints there are, what is connected, how many streams each
/// connection carries, and which calls wait. Decides, and does no I/O.
///
/// Its owner, behind one lock, carries out the actions in their order after it has let go of the lock,
/// and reports what happened. Events of connections that are forgotten change nothing: they race with
/// updates. Times are those since any fixed moment, on a clock that never goes back.
struct ChannelMachine<Child: Sendable, Waiter: Sendable>: Sendable {
  enum Action: Sendable {
    /// Open a connection; answer with `attached` and `received`, then, if health is checked, with
    /// `healthChanged`, and at last with `lost`, or with `failed`.
    case connect(ConnectionID, Endpoint)
    /// Stop an attempt, or close a connection that carries no stream. No answer is needed.
    case abandon(ConnectionID)
    /// Let the running streams end, then close. No answer is needed.
    case close(ConnectionID, Child)
    /// Call `elapsed` after this time.
    case schedule(ChannelTimer, after: Duration)
    case cancel(ChannelTimer)
    case cancelAllTimers
    /// A call that waited can begin, or has failed.
    case resume(Waiter, Result<Lease<Child>, RPCError>)
    /// Endpoints may be other ones: ask the resolver.
    case resolveNow
    /// Nothing will follow; the last connections may still be closing.
    case finish
    case log(ChannelEvent)
  }

  enum State: Sendable, Hashable {
    /// Not yet run: calls wait.
    case idle
    case running
    case shutDown
  }

  let settings: ChannelSettings
  var state = State.idle
  var balancer: Balancer
  /// By the index of their subchannel.
  var pools: [ConnectionPool<Child>?] = []
  var waiting = WaitingCalls<Waiter>()
  var connectionsEver = 0
  var vain = VainConnections()
  /// What is wrong with the target; `nil` if the resolver's last word was an answer.
  var resolutionFailure: ResolutionFailure?
  /// Whether the resolver ever gave an answer.
  var isResolved = false

  init(settings: ChannelSettings, random: RandomSource) {
    self.settings = settings
    balancer = Balancer(
      policy: settings.balancing.policy, backoff: settings.backoff,
      settleTime: settings.settleTime, random: random)
    _ = balancer.setOutlierDetection(settings.balancing.outlierDetection)
    _ = balancer.setSlowStart(settings.balancing.slowStart)
  }

  /// The owner runs from now on. `false` if it was run before.
  mutating func start(now: Duration) -> (begins: Bool, actions: [Action]) {
    guard state == .idle else { return (false, []) }
    state = .running
    balancer.advance(to: now)
    return (true, timersOfPolicy() + carryOut(balancer.wake(), now: now))
  }

  /// The resolver's word.
  mutating func resolved(_ resolution: Resolution, now: Duration) -> [Action] {
    guard state != .shutDown else { return [] }
    resolutionFailure = resolution.failure
    let told = resolution.failure.map { [Action.log(.resolutionFailed($0.message))] } ?? []
    guard resolution.answeredAt != nil else { return told + serveWaiting(now: now) }
    isResolved = true
    let set = settings.balancing.prepare(resolution.eligible, salt: settings.salt)
    balancer.advance(to: now)
    return told + [.log(.resolved(count: resolution.eligible.count, used: set.count))]
      + carryOut(balancer.update(set), now: now) + serveWaiting(now: now)
  }

  /// A time that was scheduled is over.
  mutating func elapsed(_ timer: ChannelTimer, now: Duration) -> [Action] {
    guard state == .running else { return [] }
    balancer.advance(to: now)
    switch timer {
    case .retry(let id):
      return carryOut(balancer.retryElapsed(id), now: now)
    case .settle:
      return carryOut(balancer.settleElapsed(), now: now)
    case .attempt:
      return carryOut(balancer.attemptDelayElapsed(), now: now)
    case .sweepOutliers:
      return carryOut(balancer.sweepOutliers(now: now), now: now) + sweepTimer()
    case .refresh:
      return carryOut(balancer.refresh(now: now), now: now) + refreshTimer()
    case .idle(let id):
      return idleElapsed(id, now: now)
    case .grow(let id):
      return growElapsed(id, now: now)
    case .connect(let id):
      guard connection(id)?.phase == .connecting else { return [] }
      let error = "it did not become ready within \(settings.connectTimeout)"
      return [.abandon(id)] + failed(id, error: error, now: now)
    }
  }

  /// No new calls; connections close when their streams have ended.
  mutating func beginGracefulShutdown() -> [Action] {
    guard state != .shutDown else { return [] }
    state = .shutDown
    var actions: [Action] = waiting.removeAll().map {
      .resume($0.waiter, .failure(ChannelFailure.shutDown))
    }
    for index in pools.indices {
      actions += pools[index]?.connections.map(closing(of: index)) ?? []
      pools[index] = nil
    }
    return actions + [.cancelAllTimers, .finish]
  }

  private func closing(of index: Int) -> (ConnectionPool<Child>.Connection) -> Action {
    let subchannel = pools[index]?.subchannel
    return { connection in
      let id = ConnectionID(
        subchannel: subchannel ?? SubchannelID(index: index), number: connection.number)
      return connection.child.map { .close(id, $0) } ?? .abandon(id)
    }
  }

  private func timersOfPolicy() -> [Action] { sweepTimer() + refreshTimer() }

  private func sweepTimer() -> [Action] {
    balancer.outlierDetection.map { [.schedule(.sweepOutliers, after: $0.interval)] } ?? []
  }

  private func refreshTimer() -> [Action] {
    balancer.refreshPeriod.map { [.schedule(.refresh, after: $0)] } ?? []
  }

  /// Turns what the balancer wants into what the owner has to do.
  mutating func carryOut(_ wanted: [Balancer.Action], now: Duration) -> [Action] {
    var actions: [Action] = []
    for action in wanted {
      switch action {
      case .connect(let id, let endpoint):
        actions += connect(id, to: endpoint, now: now)
      case .cancelConnect(let id):
        actions += disband(id)
      case .attempt(let delay):
        actions.append(.schedule(.attempt, after: delay))
      case .retry(let id, let delay):
        actions.append(.schedule(.retry(id), after: delay))
      case .settle(let delay):
        actions.append(.schedule(.settle, after: delay))
      case .drain(let id):
        vain.forget(id)
        actions += [.cancel(.retry(id)), .log(.drained(name(of: id)))] + disband(id)
      case .observed(.weighed(let weights)):
        actions.append(.log(.weighed(weights)))
      case .observed(.outlier(let id, let verdict)):
        actions.append(.log(.outlier(name(of: id), verdict)))
      case .pickerChanged:
        actions += serveWaiting(now: now)
      }
    }
    return actions
  }
}
