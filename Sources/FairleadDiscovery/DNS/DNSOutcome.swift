import FairleadBalancing

/// What a whole lookup came to.
enum DNSOutcome: Sendable, Equatable {
  /// - Parameters:
  ///   - missing: kinds of address that could not be asked for: those that were known still count.
  case found([Endpoint], missing: Set<IPFamily>, ttl: Duration)
  /// The name is there, and nothing stands behind it.
  case empty
  case noSuchName
  case failed(String)
}
