import FairleadBalancing

/// What the resolvers of a registry are made with.
public struct DiscoveryOptions: Sendable {
  public var resolver = ResolverOptions()
  /// How often a watched file is looked at.
  public var fileInterval = Duration.milliseconds(200)
  public var dns = DNSOptions()
  /// For jitter.
  public var random: RandomSource

  /// - Parameter seed: of everything random that resolvers do.
  public init(seed: UInt64) {
    random = RandomSource(seed: seed)
  }
}
