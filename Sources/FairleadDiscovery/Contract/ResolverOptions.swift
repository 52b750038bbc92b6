/// What a resolver measures time by, and how often it lets things happen.
public struct ResolverOptions: Sendable {
  /// After the first sign of a change, how long to wait for the rest of it. Zero tells a single
  /// change at once.
  public var settleTime = Duration.zero
  /// The least time between two resolutions: a burst becomes the first of it and its end.
  public var minimumInterval = Duration.milliseconds(10)
  /// The least time between two hints that a source gets; one that comes sooner is held back.
  public var minimumHintInterval = Duration.seconds(1)
  /// What waiting is measured by.
  public var clock: any Clock<Duration> = ContinuousClock()
  /// The time, for the age of an answer.
  public var now: @Sendable () -> ContinuousClock.Instant = { .now }

  public init() {}
}
