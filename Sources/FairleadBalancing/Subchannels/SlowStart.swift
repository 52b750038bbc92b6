/// A new endpoint's way to its full share of the calls, as Envoy's `SlowStartConfig` has it, so that
/// cold caches and compilers do not get a flood.
///
/// Policies that weigh endpoints honour it, `round_robin` too; `random`, `pick_first` and those of
/// a user that do not look at ``Candidate/ramp`` do not.
public struct SlowStart: Sendable, Hashable {
  /// How long it takes; `slow_start_window`.
  public let window: Duration
  /// 1 is a straight line; above, the share rises faster at first; above 0; `aggression`.
  public let aggression: Double
  /// The part of its share that an endpoint begins with, in 1...100; `min_weight_percent`.
  public let minimumPercent: Int

  /// Values out of range are brought to the nearest one within.
  public init(window: Duration, aggression: Double = 1, minimumPercent: Int = 10) {
    self.window = max(.zero, window)
    self.aggression = aggression > 0 ? max(0.01, min(100, aggression)) : 1
    self.minimumPercent = min(100, max(1, minimumPercent))
  }

  /// The part of its share that an endpoint gets so long after it became ready, in whole percent, so
  /// that pickers change a hundred times at most.
  func ramp(after elapsed: Duration) -> Double {
    guard elapsed < window else { return 1 }
    let part = power(max(.zero, elapsed) / window, 1 / aggression)
    return max(Double(minimumPercent), (part * 100).rounded(.down)) / 100
  }

  /// Twenty steps, not more than ten a second and at least one.
  var refreshPeriod: Duration {
    min(.seconds(1), max(.milliseconds(100), window / 20))
  }
}

extension Balancer {
  /// Begins, changes or, with `nil`, ends slow start. An endpoint starts slowly when it is ready for
  /// the first time, and when it could not be reached before; a connection that is merely replaced
  /// does not count. The owner tells the time: see ``advance(to:)`` and ``refreshPeriod``.
  public mutating func setSlowStart(_ slowStart: SlowStart?) -> [Action] {
    self.slowStart = slowStart
    return publish()
  }
}
