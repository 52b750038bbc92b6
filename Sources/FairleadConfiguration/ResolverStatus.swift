import FairleadDiscovery

/// How the resolver of one target is doing.
package struct ResolverStatus: Sendable {
  package var target: String
  /// Of the last good answer.
  package var endpoints: Int
  /// How old the last good answer is; `nil` if there was none.
  package var age: Duration?
  /// What is wrong now.
  package var failure: ResolutionFailure?

  init(target: String, resolution: Resolution?, at now: ContinuousClock.Instant) {
    self.target = target
    endpoints = resolution?.endpoints.count ?? 0
    age = resolution?.age(at: now)
    failure = resolution?.failure
  }
}
