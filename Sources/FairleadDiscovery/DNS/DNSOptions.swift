/// How often names are asked for, and how long an answer is believed.
public struct DNSOptions: Sendable, Hashable {
  /// An answer is used for so long at least, whatever its time to live.
  public var minimumTTL = Duration.seconds(1)
  /// And for so long at most.
  public var maximumTTL = Duration.seconds(300)
  /// A refresh comes later by up to this, so that many clients do not ask at once.
  public var maximumJitter = Duration.milliseconds(500)
  /// The least time between two lookups of a name, hints included.
  public var minimumInterval = Duration.seconds(1)
  /// After a failure the next lookup comes in this, then in twice this, and so on.
  public var initialBackoff = Duration.seconds(1)
  public var maximumBackoff = Duration.seconds(5)
  /// The time between two lookups of a name that has no endpoints.
  public var emptyInterval = Duration.seconds(5)
  /// For how long endpoints outlive their name.
  public var notFoundGrace = Duration.seconds(30)
  /// How long to wait for a server, and how often to ask each.
  public var queryTimeout = Duration.seconds(2)
  public var attempts = 2

  public init() {}
}
