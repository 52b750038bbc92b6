/// The endpoints of one cluster under one policy: owns the subchannel machines and the current
/// picker, decides what to connect, and does no I/O.
///
/// Its owner, one event loop or one lock, carries out the actions in their order and reports what
/// happened. Events of a subchannel that was drained, or that no longer fit its state, are ignored:
/// they race with updates. The owner should still cancel its attempt and its timer when it drains a
/// subchannel, and start a timer anew at each `retry` and each `attempt`.
///
/// It is idle, and connects to nothing, until a call wakes it.
public struct Balancer: Sendable {
  /// What the owner has to do, in order.
  public enum Action: Sendable, Equatable {
    /// Open a connection to the endpoint; answer with `connected` or `connectFailed`. An owner that
    /// checks health (gRFC A17) answers with `connected` when the server says that it serves, and
    /// with `becameUnhealthy` when it says that it does not.
    case connect(SubchannelID, Endpoint)
    /// Another endpoint is in use: give up the attempt that `connect` asked for, or the connection
    /// that `becameUnhealthy` told of, and report nothing more of it, even if it succeeds. Calls that
    /// still run on that connection finish first. The endpoint stays in the set, and `connect` may
    /// ask for it again, in the next action already.
    case cancelConnect(SubchannelID)
    /// Call `attemptDelayElapsed` after this time, in place of a time that still runs.
    case attempt(after: Duration)
    /// Call `retryElapsed` after this time, in place of a time that still runs for this subchannel.
    case retry(SubchannelID, after: Duration)
    /// Call `settleElapsed` after this time.
    case settle(after: Duration)
    /// No new call; close when the running ones have ended. The index is free for another endpoint
    /// from now on, in the next action already.
    case drain(SubchannelID)
    /// Nothing: it is told for metrics and logs.
    case observed(BalancingEvent)
    /// The picker is another one: calls that wait should ask again. Always the last action.
    case pickerChanged
  }

  /// Answers for calls as things are now. `wait` while idle and until the first endpoints settle.
  public internal(set) var picker: any Picker = FixedPicker(.wait)

  var policy: any Policy
  let backoff: Backoff
  let settleTime: Duration
  /// How long an attempt of `ConnectStrategy.first` is alone before the next one begins beside it.
  let attemptDelay: Duration
  let random: RandomSource

  var table = SubchannelTable()
  /// `nil` until the first update.
  var endpoints: EndpointSet?
  var isAwake = false
  var settling = Settling.notBegun
  /// What `picker` is made from.
  var published = PickerContent.wait
  /// The last picker that the policy made: what it knows outlives a time without ready endpoints.
  var lastPolicyPicker: (any Picker)?
  /// How far `ConnectStrategy.first` has come.
  var pass = Pass()
  /// Who is ejected; `nil` without outlier detection.
  var outlierDetector: OutlierDetector?
  /// How new endpoints come to their share; `nil`: at once.
  var slowStart: SlowStart?
  /// The time that the owner last told.
  var now = Duration.zero

  /// - Parameters:
  ///   - policy: how calls are spread, and what is connected.
  ///   - backoff: how long an endpoint rests after a failed attempt.
  ///   - settleTime: how long the first calls wait for all endpoints to connect, once one has.
  ///   - attemptDelay: how long an attempt of ``ConnectStrategy/first`` is alone before the next one
  ///     begins beside it: the connection attempt delay of RFC 8305, brought into 100 ms...2 s.
  ///   - random: for the policy and the jitter of the backoff.
  public init(
    policy: any Policy, backoff: Backoff = .grpc, settleTime: Duration,
    attemptDelay: Duration = .milliseconds(250), random: RandomSource
  ) {
    self.policy = policy
    self.backoff = backoff
    self.settleTime = settleTime
    self.attemptDelay = min(.seconds(2), max(.milliseconds(100), attemptDelay))
    self.random = random
  }

  /// State and counters of every subchannel, in the order of the set.
  public var subchannels: [SubchannelStatus] {
    let ejected = outlierDetector?.ejected ?? []
    return table.inOrder.map { subchannel in
      SubchannelStatus(
        id: subchannel.id, endpoint: subchannel.endpoint, state: subchannel.machine.state,
        active: subchannel.load.active, total: subchannel.load.total,
        lastError: subchannel.machine.failure?.error,
        failedAttempts: subchannel.machine.failure?.attempts ?? 0,
        isEjected: ejected.contains(subchannel.id))
    }
  }

  /// The endpoint's counters: the same object for as long as its address is in the set. Counters
  /// that nobody reads, if the subchannel was drained.
  public func load(of id: SubchannelID) -> EndpointLoad {
    table.load(of: id) ?? EndpointLoad()
  }

  /// The endpoint as the last update described it; `nil` if the subchannel was drained.
  public func endpoint(of id: SubchannelID) -> Endpoint? {
    table[id]?.endpoint
  }
}
