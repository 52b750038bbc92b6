import FairleadBalancing
import Testing

/// An owner that judges: it carries out a balancer's actions on a network that does what the test
/// says, and records an issue for every action that makes no sense.
struct Stage {
  private(set) var balancer: Balancer
  /// Attempts that nothing was heard of yet.
  private(set) var attempts: [SubchannelID: Endpoint] = [:]
  private(set) var live: [SubchannelID: Endpoint] = [:]
  /// Connected to servers that say that they do not serve.
  private(set) var unhealthy: [SubchannelID: Endpoint] = [:]
  private(set) var timers: [SubchannelID: Duration] = [:]
  /// Every id that was ever drained.
  private(set) var drained: [SubchannelID] = []
  private(set) var settleTimes: [Duration] = []
  /// Every time that an attempt was alone.
  private(set) var attemptDelays: [Duration] = []
  private(set) var pickerChanges = 0
  private(set) var events: [BalancingEvent] = []
  private var set = EndpointSet.empty

  init(
    _ policyName: String, backoff: Backoff = .grpc, settleTime: Duration = .seconds(1),
    attemptDelay: Duration = .milliseconds(250), seed: UInt64 = 1
  ) throws {
    let policy = try #require(PolicyRegistry.standard[policyName])
    self.init(
      policy, backoff: backoff, settleTime: settleTime, attemptDelay: attemptDelay, seed: seed)
  }

  init(
    _ policy: any Policy, backoff: Backoff = .grpc, settleTime: Duration = .seconds(1),
    attemptDelay: Duration = .milliseconds(250), seed: UInt64 = 1
  ) {
    balancer = Balancer(
      policy: policy, backoff: backoff, settleTime: settleTime, attemptDelay: attemptDelay,
      random: RandomSource(seed: seed))
  }

  /// The balancer's answer to one call.
  func pick(avoiding id: SubchannelID? = nil, hash: UInt64? = nil) -> Pick {
    balancer.picker.pick(PickRequest(avoiding: id, hash: hash))
  }

  /// The name of the endpoint that a call goes to; `nil` if it goes to none.
  func pickName(avoiding id: SubchannelID? = nil) -> String? {
    guard case .subchannel(let id) = pick(avoiding: id) else { return nil }
    return balancer.endpoint(of: id)?.name
  }

  /// The names that so many calls go to.
  func pickNames(_ count: Int) -> [String] {
    (0..<count).compactMap { _ in pickName() }
  }

  func id(_ name: String) throws -> SubchannelID {
    try #require(balancer.subchannels.first { $0.endpoint.name == name }?.id)
  }

  func state(_ name: String) -> SubchannelState? {
    balancer.subchannels.first { $0.endpoint.name == name }?.state
  }
}

// MARK: - What happens

extension Stage {
  @discardableResult
  mutating func update(_ endpoints: [Endpoint]) -> [Balancer.Action] {
    set = EndpointSet(endpoints)
    return happen { $0.update(EndpointSet(endpoints)) }
  }

  @discardableResult
  mutating func setPolicy(_ policyName: String) throws -> [Balancer.Action] {
    let policy = try #require(PolicyRegistry.standard[policyName])
    return happen { $0.setPolicy(policy) }
  }

  @discardableResult
  mutating func wake() -> [Balancer.Action] {
    happen { $0.wake() }
  }

  @discardableResult
  mutating func connected(_ id: SubchannelID) -> [Balancer.Action] {
    if let endpoint = attempts.removeValue(forKey: id) ?? unhealthy.removeValue(forKey: id) {
      live[id] = endpoint
    }
    return happen { $0.connected(id) }
  }

  @discardableResult
  mutating func becameUnhealthy(_ id: SubchannelID, _ error: String) -> [Balancer.Action] {
    if let endpoint = attempts.removeValue(forKey: id) ?? live.removeValue(forKey: id) {
      unhealthy[id] = endpoint
    }
    return happen { $0.becameUnhealthy(id, error: error) }
  }

  @discardableResult
  mutating func attemptDelayElapsed() -> [Balancer.Action] {
    happen { $0.attemptDelayElapsed() }
  }

  @discardableResult
  mutating func connectFailed(_ id: SubchannelID, _ error: String) -> [Balancer.Action] {
    attempts[id] = nil
    return happen { $0.connectFailed(id, error: error) }
  }

  @discardableResult
  mutating func disconnected(_ id: SubchannelID) -> [Balancer.Action] {
    live[id] = nil
    unhealthy[id] = nil
    return happen { $0.disconnected(id) }
  }

  @discardableResult
  mutating func retryElapsed(_ id: SubchannelID) -> [Balancer.Action] {
    timers[id] = nil
    return happen { $0.retryElapsed(id) }
  }

  @discardableResult
  mutating func settleElapsed() -> [Balancer.Action] {
    happen { $0.settleElapsed() }
  }

  @discardableResult
  mutating func resetBackoff() -> [Balancer.Action] {
    happen { $0.resetBackoff() }
  }

  @discardableResult
  mutating func setOutlierDetection(_ configuration: OutlierDetection?) -> [Balancer.Action] {
    happen { $0.setOutlierDetection(configuration) }
  }

  @discardableResult
  mutating func refresh(now: Duration) -> [Balancer.Action] {
    happen { $0.refresh(now: now) }
  }

  @discardableResult
  mutating func setSlowStart(_ slowStart: SlowStart?) -> [Balancer.Action] {
    happen { $0.setSlowStart(slowStart) }
  }

  @discardableResult
  mutating func sweepOutliers(now: Duration) -> [Balancer.Action] {
    happen { $0.sweepOutliers(now: now) }
  }

  @discardableResult
  mutating func failedInARow(_ id: SubchannelID, now: Duration) -> [Balancer.Action] {
    happen { $0.failedInARow(id, now: now) }
  }

  /// Every attempt under way succeeds, unless one gives up another; every server serves.
  mutating func connectAll() {
    let ids = Array(attempts.keys) + Array(unhealthy.keys)
    for id in ids.sorted(by: { $0.index < $1.index })
    where attempts[id] != nil || unhealthy[id] != nil {
      connected(id)
    }
  }

  /// A call is given to the endpoint and ends.
  func call(_ name: String) throws {
    let load = balancer.load(of: try id(name))
    load.callBegan()
    load.callEnded()
  }
}

// MARK: - Judging

extension Stage {
  /// As `#expect`, at no cost for what is as it should be: simulations ask a million times.
  private func check(_ isRight: Bool, _ fault: String) {
    if !isRight {
      Issue.record("The balancer \(fault).")
    }
  }

  private mutating func happen(
    _ event: (inout Balancer) -> [Balancer.Action]
  ) -> [Balancer.Action] {
    let before = balancer.picker
    let actions = event(&balancer)
    for action in actions {
      judge(action)
    }
    let changes = actions.filter { $0 == .pickerChanged }.count
    check(changes <= 1, "says twice that the picker changed")
    check(changes == 0 || actions.last == .pickerChanged, "acts after the picker changed")
    check((balancer.picker !== before) == (changes == 1), "changes the picker without a word")
    check(
      balancer.subchannels.map(\.endpoint) == set.endpoints, "lists other endpoints than the set")
    return actions
  }

  private func isUnconnected(_ id: SubchannelID) -> Bool {
    attempts[id] == nil && live[id] == nil && unhealthy[id] == nil
  }

  private mutating func judge(_ action: Balancer.Action) {
    switch action {
    case .connect(let id, let endpoint):
      check(isUnconnected(id), "connects what is connected or connecting")
      check(set.endpoints.contains(endpoint), "connects an endpoint that is not in the set")
      attempts[id] = endpoint
      timers[id] = nil
    case .cancelConnect(let id):
      check(attempts[id] != nil || unhealthy[id] != nil, "gives up what is not under way")
      check(!live.isEmpty, "gives up an attempt though nothing is ready")
      attempts[id] = nil
      unhealthy[id] = nil
    case .attempt(let delay):
      check(!attempts.isEmpty, "waits for no attempt")
      check(
        (.milliseconds(100)...(.seconds(2))).contains(delay), "lets an attempt run for \(delay)")
      attemptDelays.append(delay)
    case .retry(let id, let delay):
      check(isUnconnected(id), "retries what is connected or connecting")
      check(delay > .zero, "retries without a delay")
      timers[id] = delay
    case .settle(let delay):
      settleTimes.append(delay)
      check(settleTimes.count == 1, "settles twice")
    case .drain(let id):
      check(!drained.contains(id), "drains twice")
      drained.append(id)
      attempts[id] = nil
      live[id] = nil
      unhealthy[id] = nil
      timers[id] = nil
    case .observed(let event):
      events.append(event)
    case .pickerChanged:
      pickerChanges += 1
    }
  }
}
