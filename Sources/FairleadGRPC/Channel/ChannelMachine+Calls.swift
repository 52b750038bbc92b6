import FairleadBalancing
import GRPCCore

extension ChannelMachine {
  /// What a call is told.
  enum Answer {
    case lease(Lease<Child>)
    /// It waits for an endpoint; see ``enqueue(_:_:request:now:)``.
    case wait
    /// It waits for a stream to this endpoint; see there.
    case park(SubchannelID)
    case fail(RPCError)
  }

  /// Chooses a connection for a call, and counts it.
  mutating func pick(_ request: CallRequest, now: Duration) -> Answer {
    if state == .shutDown { return .fail(ChannelFailure.shutDown) }
    let pick = balancer.picker.pick(
      PickRequest(avoiding: request.avoiding, hash: request.hash, now: now))
    switch pick {
    case .subchannel(let id):
      var lease: Lease<Child>?
      update(id) { lease = $0.reserve() }
      guard let lease else { return .park(id) }
      lease.load.callBegan()
      return .lease(lease)
    case .wait:
      guard !request.waitsForReady else { return .wait }
      if !isResolved, let failure = resolutionFailure {
        return .fail(ChannelFailure.unresolved(failure))
      }
      return vainFailure.map { .fail($0) } ?? .wait
    case .fail(let failure):
      return request.waitsForReady
        ? .wait : .fail(ChannelFailure.noEndpoint(failure, resolution: resolutionFailure))
    }
  }

  /// Why a call does not wait for the endpoints that are tried.
  private var vainFailure: RPCError? {
    guard let limit = settings.maximumVainConnections else { return nil }
    // One that has a connection will be chosen in a moment, or when it is healthy.
    let isHopeless = pools.allSatisfy { pool in
      switch pool?.standing {
      case .usable, .unhealthy: false
      case .connecting, .some(.none), nil: true
      }
    }
    guard isHopeless else { return nil }
    return vain.failure(limit: limit, of: pools.lazy.compactMap { $0?.subchannel })
  }

  /// As ``pick(_:now:)``, for a call that may wait: the answer comes with `resume`, now or later.
  mutating func enqueue(
    _ id: Int, _ waiter: Waiter, request: CallRequest, now: Duration
  ) -> [Action] {
    guard waiting.count < settings.maximumWaitingCalls else {
      return [.resume(waiter, .failure(ChannelFailure.tooManyWait(settings.maximumWaitingCalls)))]
    }
    waiting.insert(id, WaitingCalls.Call(waiter: waiter, request: request))
    let actions = serve(id, request: request, now: now) ?? []
    return waiting[id] == nil ? actions : [.log(.waits(reason: waitReason))] + actions
  }

  /// A call does not want to wait any more. `nil` if it does not wait.
  mutating func cancel(_ id: Int) -> Waiter? {
    waiting.remove(id)?.waiter
  }

  /// A stream has ended, or never came to be.
  mutating func release(_ lease: Lease<Child>, now: Duration) -> [Action] {
    update(lease.connection) { $0.inUse -= 1 }
    return serveParked(lease.connection.subchannel, now: now)
      + becameIdle(lease.connection, now: now)
  }

  /// The endpoint's calls have failed so often in a row that it may have to be ejected.
  mutating func failedInARow(_ id: SubchannelID, now: Duration) -> [Action] {
    guard state == .running else { return [] }
    return carryOut(balancer.failedInARow(id, now: now), now: now)
  }

  /// Gives a waiting call what it waits for. `nil` if it goes on waiting and there is nothing to do.
  private mutating func serve(_ id: Int, request: CallRequest, now: Duration) -> [Action]? {
    switch pick(request, now: now) {
    case .lease(let lease):
      return waiting.remove(id).map { [.resume($0.waiter, .success(lease))] }
    case .fail(let error):
      return waiting.remove(id).map { [.resume($0.waiter, .failure(error))] }
    case .wait:
      waiting.queue(id)
      return nil
    case .park(let subchannel):
      park(id, at: subchannel)
      return grow(subchannel, now: now)
    }
  }

  private mutating func park(_ id: Int, at subchannel: SubchannelID) {
    let waiting = waiting
    update(subchannel) { pool in
      pool.parked.append(id)
      // Those that gave up are still among them.
      if pool.parked.count > 2 * waiting.count + 64 {
        pool.parked.removeAll { waiting[$0] == nil }
      }
    }
  }

  /// Asks again for all calls that no subchannel was chosen for.
  mutating func serveWaiting(now: Duration) -> [Action] {
    var actions: [Action] = []
    for id in waiting.takeOrder() {
      guard let call = waiting[id] else { continue }
      actions += serve(id, request: call.request, now: now) ?? []
    }
    return actions
  }

  /// Streams are free: calls that wait for one of this subchannel begin.
  mutating func serveParked(_ id: SubchannelID, now: Duration) -> [Action] {
    guard let pool = pool(id), !pool.parked.isEmpty else { return [] }
    var actions: [Action] = []
    while let next = nextParked(id), let call = waiting[next] {
      var lease: Lease<Child>?
      update(id) { lease = $0.reserve() }
      guard let lease else { return actions + grow(id, now: now) }
      update(id) { _ = $0.parked.popFirst() }
      _ = waiting.remove(next)
      lease.load.callBegan()
      actions.append(.resume(call.waiter, .success(lease)))
    }
    return actions
  }

  /// The first parked call that still waits.
  private mutating func nextParked(_ id: SubchannelID) -> Int? {
    while let first = pool(id)?.parked.first {
      if waiting[first] != nil { return first }
      update(id) { _ = $0.parked.popFirst() }
    }
    return nil
  }

  /// Its calls may go elsewhere.
  mutating func unpark(_ id: SubchannelID) {
    guard let parked = pool(id)?.parked, !parked.isEmpty else { return }
    waiting.prepend(parked)
    update(id) { $0.parked.removeAll() }
  }

  /// Why a call waits, in words.
  var waitReason: String {
    if state == .idle { return "the transport does not run yet; call connect()" }
    if !isResolved { return resolutionFailure?.message ?? "the target is being resolved" }
    return "no endpoint is ready, or all that are have as many calls as they allow"
  }
}
