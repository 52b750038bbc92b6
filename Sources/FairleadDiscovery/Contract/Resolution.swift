import FairleadBalancing

/// All that is known of a target's endpoints at one moment: never a difference to what was known
/// before.
///
/// An empty set of endpoints is an answer; an outage of the source is not. During one, the last good
/// endpoints stay, with the ``failure`` beside them and the time of the answer unchanged.
public struct Resolution: Sendable, Hashable {
  /// Of the last good answer, each address once, in the order of the source; empty before the first.
  public var endpoints: [ResolvedEndpoint]
  /// When the source gave this answer or confirmed it; `nil` if it never gave one.
  public var answeredAt: ContinuousClock.Instant?
  /// What is wrong now; `nil` if the source's last word was an answer.
  public var failure: ResolutionFailure?

  public init(
    endpoints: [ResolvedEndpoint], answeredAt: ContinuousClock.Instant?,
    failure: ResolutionFailure? = nil
  ) {
    self.endpoints = endpoints
    self.answeredAt = answeredAt
    self.failure = failure
  }

  /// Those that new calls may go to: all that are ready, or all that drain if none is ready.
  public var eligible: EndpointSet {
    let ready = endpoints.filter { $0.readiness == .ready }
    let chosen = ready.isEmpty ? endpoints.filter { $0.readiness == .draining } : ready
    return EndpointSet(chosen.map(\.endpoint))
  }

  /// How old the answer is; `nil` if there was none yet.
  public func age(at now: ContinuousClock.Instant) -> Duration? {
    answeredAt.map { max(.zero, $0.duration(to: now)) }
  }

  /// Whether a reader can do without this one after that one: everything is equal but the time.
  func says(theSameAs other: Resolution) -> Bool {
    endpoints == other.endpoints && failure == other.failure
      && (answeredAt == nil) == (other.answeredAt == nil)
  }
}
