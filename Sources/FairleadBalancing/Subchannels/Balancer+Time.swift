extension Balancer {
  /// How often the owner should call ``refresh(now:)``; `nil`: never, nothing depends on time.
  public var refreshPeriod: Duration? {
    switch (policy.refreshPeriod, slowStart?.refreshPeriod) {
    case (let first?, let second?): min(first, second)
    case (let period?, nil), (nil, let period?): period
    case (nil, nil): nil
    }
  }

  /// What time it is: the time since any fixed moment, on a clock that never goes back. An owner that
  /// uses slow start says so before it reports a connection.
  public mutating func advance(to now: Duration) {
    self.now = max(self.now, now)
  }

  /// Time has passed: weights may be other ones.
  public mutating func refresh(now: Duration) -> [Action] {
    advance(to: now)
    if policy.refreshPeriod != nil, case .ready = published {
      // The same endpoints may deserve another picker.
      published = .wait
    }
    return publish()
  }
}
