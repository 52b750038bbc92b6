import FairleadBalancing

/// Decides what a lookup means for the endpoints of a name, and when to look again. Knows no socket
/// and no clock.
struct DNSRefresh: Sendable {
  /// What to tell, and how long to rest.
  struct Step: Sendable, Equatable {
    var verdict: Verdict
    /// Until the next lookup, if nobody asks for it sooner.
    var delay: Duration
  }

  enum Verdict: Sendable, Equatable {
    case answered([Endpoint], beside: ResolutionFailure?)
    case failed(ResolutionFailure)
  }

  private let name: String
  private let server: String
  private let options: DNSOptions
  private let random: RandomSource
  private var known: [Endpoint] = []
  private var failures = 0
  private var goneSince: ContinuousClock.Instant?

  init(_ target: DNSTarget, options: DNSOptions, random: RandomSource) {
    name = target.host
    server = target.server.map { "DNS server \($0)" } ?? "DNS"
    self.options = options
    self.random = random
  }

  mutating func looked(_ outcome: DNSOutcome, at now: ContinuousClock.Instant) -> Step {
    switch outcome {
    case .found(let endpoints, let missing, let ttl):
      return found(endpoints, missing: missing, ttl: ttl)
    case .empty:
      failures = 0
      goneSince = nil
      known = []
      return Step(verdict: .answered([], beside: nil), delay: emptyDelay())
    case .noSuchName:
      return gone(at: now)
    case .failed(let reason):
      let failure = ResolutionFailure(
        .unreachable,
        "The name \(name) could not be looked up: there is no answer from \(server) (\(reason)); check "
          + "that the server is up and reachable.")
      return Step(verdict: .failed(failure), delay: backoff())
    }
  }

  private mutating func found(
    _ endpoints: [Endpoint], missing: Set<IPFamily>, ttl: Duration
  ) -> Step {
    goneSince = nil
    let fresh = Set(endpoints.map(\.address))
    let kept = known.filter { endpoint in
      guard case .ip(let host, _) = endpoint.address, let family = IPFamily(of: host) else {
        return false
      }
      return missing.contains(family) && !fresh.contains(endpoint.address)
    }
    known = (endpoints + kept).sorted { $0.name < $1.name }
    if missing.isEmpty { failures = 0 }
    // With one kind missing it is half an outage: asked again as after a whole one.
    let delay = missing.isEmpty ? refreshDelay(ttl) : min(backoff(), refreshDelay(ttl))
    return Step(verdict: .answered(known, beside: nil), delay: delay)
  }

  private mutating func gone(at now: ContinuousClock.Instant) -> Step {
    let failure = ResolutionFailure(
      .notFound, "There is no name \(name), says \(server); check its spelling and namespace.")
    let since = goneSince ?? now
    goneSince = since
    let left = options.notFoundGrace - since.duration(to: now)
    if !known.isEmpty, left > .zero {
      return Step(verdict: .failed(failure), delay: min(backoff(), left))
    }
    known = []
    return Step(verdict: .answered([], beside: failure), delay: emptyDelay())
  }

  /// Servers that have nothing to say do not say for how long.
  private func emptyDelay() -> Duration {
    refreshDelay(options.emptyInterval)
  }

  private func refreshDelay(_ ttl: Duration) -> Duration {
    let bounded = min(max(ttl, options.minimumTTL), options.maximumTTL)
    return bounded + min(bounded / 10, options.maximumJitter) * random.nextUnit()
  }

  /// Twice as long each time, give or take a fifth.
  private mutating func backoff() -> Duration {
    // Beyond this it is at its longest.
    let doublings = min(failures, 20)
    failures += 1
    let delay = min(options.initialBackoff * (1 << doublings), options.maximumBackoff)
    return delay * (0.8 + 0.4 * random.nextUnit())
  }
}
