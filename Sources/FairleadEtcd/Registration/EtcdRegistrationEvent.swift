import FairleadDiscovery

/// What became of a registration, for a log.
public enum EtcdRegistrationEvent: Sendable, Hashable {
  /// The key is there, and goes with a lease of so long. Comes again after each loss.
  case registered(key: String, lease: Duration)
  /// It cannot be said that the key is there; it is tried again. Told once for each kind of trouble.
  case failed(ResolutionFailure)
  /// The key was taken away.
  case deregistered(key: String)
  /// The key could not be taken away, and goes when its lease ends.
  case leftToExpire(key: String, ResolutionFailure)
}
