/// How long to wait before a connection is tried again: longer after each failure, and never quite
/// the same, so that many clients do not come back at one moment.
///
/// This is gRPC's connection backoff, except that the time counts from the failure rather than from
/// the start of the attempt.
public struct Backoff: Sendable, Hashable {
  /// The delay after the first failure, before jitter.
  public let initial: Duration
  /// What each further failure multiplies the delay by; at least 1.
  public let multiplier: Double
  /// How much of the delay is left to chance, to either side: 0.2 makes it 80 % to 120 %. In 0...1.
  public let jitter: Double
  /// The longest delay, before jitter; at least `initial`.
  public let maximum: Duration

  /// Values out of range are brought to the nearest one within.
  public init(
    initial: Duration, multiplier: Double = 1.6, jitter: Double = 0.2, maximum: Duration
  ) {
    self.initial = max(.zero, initial)
    self.multiplier = max(1, multiplier)
    self.jitter = min(1, max(0, jitter))
    self.maximum = max(self.initial, maximum)
  }

  /// gRPC's own: 1 s, 1.6 s, 2.56 s … 120 s.
  public static let grpc = Backoff(initial: .seconds(1), maximum: .seconds(120))
  /// For a proxy next to its endpoints, where a pod is often back soon: 100 ms, 160 ms … 10 s.
  public static let proxy = Backoff(initial: .milliseconds(100), maximum: .seconds(10))

  /// The delay after the `attempt`th failure in a row; the first is 1.
  public func delay(attempt: Int, random: RandomSource) -> Duration {
    var delay = initial
    var step = 1
    while step < attempt, delay < maximum, multiplier > 1, delay > .zero {
      delay = delay * multiplier
      step += 1
    }
    return min(delay, maximum) * (1 + jitter * (2 * random.nextUnit() - 1))
  }
}
