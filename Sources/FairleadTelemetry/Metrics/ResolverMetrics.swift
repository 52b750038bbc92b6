/// How the resolver of one target is doing.
package struct ResolverMetrics: Sendable, Hashable {
  /// In gRPC's syntax.
  package var target: String
  /// Of the last good answer.
  package var endpoints: Int
  /// How old the last good answer is; `nil` if there was none yet.
  package var ageSeconds: Double?
  /// Whether the source's last word was a failure.
  package var isFailing: Bool

  package init(target: String, endpoints: Int, ageSeconds: Double?, isFailing: Bool) {
    self.target = target
    self.endpoints = endpoints
    self.ageSeconds = ageSeconds
    self.isFailing = isFailing
  }
}
