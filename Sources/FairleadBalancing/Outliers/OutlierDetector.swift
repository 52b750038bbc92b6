/// Decides which endpoints are ejected (gRFC A50), and when they come back.
///
/// A value without a clock: its owner says what time it is, as the time since any fixed moment that
/// does not go back. The calls are counted by each endpoint's ``EndpointLoad``, on any thread.
public struct OutlierDetector: Sendable {
  /// One endpoint, as long as it is in the set.
  struct Entry: Sendable {
    let load: EndpointLoad
    /// How often it was ejected, less one for each sweep that found it in service.
    var multiplier = 0
    /// When it was ejected, while it is.
    var ejectedAt: Duration?
    /// Whether it was spared for a row of failures since the last sweep: every further failure asks again.
    var wasSpared = false
    /// Its calls between the last two sweeps.
    var interval = CallTally.Interval(successes: 0, failures: 0)
  }

  /// The settings in force; see ``configure(_:)``.
  public private(set) var configuration: OutlierDetection
  private let random: RandomSource
  private var entries: [SubchannelID: Entry] = [:]
  /// In the order of the set, so that the same history always ejects the same.
  private var order: [SubchannelID] = []
  /// Since they were last taken, or the last sweep began; see ``takeVerdicts()``.
  private var verdicts: [(id: SubchannelID, verdict: OutlierVerdict)] = []

  /// A detector that has seen no endpoint yet.
  ///
  /// - Parameter random: for enforcement percentages below 100.
  public init(_ configuration: OutlierDetection, random: RandomSource) {
    self.configuration = configuration
    self.random = random
  }

  /// Those that get no calls now.
  public var ejected: Set<SubchannelID> {
    Set(order.filter { entries[$0]?.ejectedAt != nil })
  }

  /// How many may be ejected at once: the configured share, rounded down, and one at least.
  public var allowance: Int {
    max(1, order.count * configuration.maxEjectionPercent / 100)
  }

  /// The endpoints as they are now. One that is gone is forgotten; of those ejected, as many as are
  /// above the share of the new set come back, the longest ejected first.
  public mutating func update(_ endpoints: [(id: SubchannelID, load: EndpointLoad)]) {
    let kept = Set(endpoints.map(\.id))
    for id in order where !kept.contains(id) {
      entries.removeValue(forKey: id)?.load.tally.count(nil)
    }
    order = endpoints.map(\.id)
    for (id, load) in endpoints where entries[id] == nil {
      entries[id] = Entry(load: load)
      load.tally.count(configuration)
    }
    returnSurplus()
  }

  /// Other settings. What was counted, ejections and their multipliers stay.
  public mutating func configure(_ configuration: OutlierDetection) {
    self.configuration = configuration
    for id in order {
      entries[id]?.load.tally.count(configuration)
      if !configuration.isActive {
        entries[id]?.ejectedAt = nil
        entries[id]?.multiplier = 0
      }
    }
    returnSurplus()
  }

  /// The end of an interval: ejects by rate, then brings back whose time is over.
  public mutating func sweep(now: Duration) {
    verdicts.removeAll()
    for id in order {
      entries[id]?.wasSpared = false
      if let interval = entries[id]?.load.tally.takeInterval() {
        entries[id]?.interval = interval
      }
    }
    if let rule = configuration.successRate {
      ejectBySuccessRate(rule, now: now)
    }
    if let rule = configuration.failurePercentage {
      ejectByFailurePercentage(rule, now: now)
    }
    for id in order {
      settle(id, now: now)
    }
  }

  /// A call completed a row of failures: ``EndpointLoad/callEnded(status:)`` said so.
  public mutating func failedInARow(_ id: SubchannelID, now: Duration) {
    // Another thread may have ended the row, or ejected the endpoint for it.
    guard entries[id]?.load.tally.isRowComplete == true else { return }
    eject(id, for: .consecutiveFailures, enforcement: 100, now: now)
  }

  /// What was decided since this was last asked, in its order. A sweep forgets what was not asked for before it. That an
  /// endpoint was spared for a row of failures is told once between two sweeps.
  public mutating func takeVerdicts() -> [(id: SubchannelID, verdict: OutlierVerdict)] {
    defer { verdicts.removeAll() }
    return verdicts
  }

  /// Nothing is counted any more: its owner does without it.
  func stopCounting() {
    for entry in entries.values {
      entry.load.tally.count(nil)
    }
  }
}

// MARK: - Ejecting

extension OutlierDetector {
  private func isFull() -> Bool {
    entries.values.reduce(0) { $0 + ($1.ejectedAt == nil ? 0 : 1) } >= allowance
  }

  private mutating func eject(
    _ id: SubchannelID, for method: OutlierVerdict.Method, enforcement: Int, now: Duration
  ) {
    guard entries[id]?.ejectedAt == nil else { return }
    guard !isFull() else { return spare(id, method, .maxEjectionOverflow) }
    guard random.next(below: 100) < enforcement else {
      return spare(id, method, .enforcementPercentage)
    }
    entries[id]?.ejectedAt = now
    entries[id]?.multiplier += 1
    entries[id]?.load.tally.endRow()
    verdicts.append((id, .ejected(method)))
  }

  private mutating func spare(
    _ id: SubchannelID, _ method: OutlierVerdict.Method, _ reason: OutlierVerdict.Reason
  ) {
    if method == .consecutiveFailures {
      guard entries[id]?.wasSpared == false else { return }
      entries[id]?.wasSpared = true
    }
    verdicts.append((id, .spared(method, reason)))
  }

  private mutating func giveBack(_ id: SubchannelID) {
    entries[id]?.ejectedAt = nil
    verdicts.append((id, .returned))
  }

  private mutating func ejectBySuccessRate(_ rule: OutlierDetection.SuccessRate, now: Duration) {
    let rates: [(id: SubchannelID, rate: Double)] = order.compactMap { id in
      guard let interval = entries[id]?.interval, interval.calls >= rule.minimumCalls else {
        return nil
      }
      return (id, Double(interval.successes) / Double(interval.calls))
    }
    guard !rates.isEmpty, rates.count >= rule.minimumEndpoints else { return }
    let mean = rates.reduce(0) { $0 + $1.rate } / Double(rates.count)
    let variance =
      rates.reduce(0) { $0 + ($1.rate - mean) * ($1.rate - mean) } / Double(rates.count)
    let threshold = mean - variance.squareRoot() * Double(rule.deviationFactor) / 1000
    for (id, rate) in rates where rate < threshold {
      eject(id, for: .successRate, enforcement: rule.enforcementPercent, now: now)
    }
  }

  private mutating func ejectByFailurePercentage(
    _ rule: OutlierDetection.FailurePercentage, now: Duration
  ) {
    guard order.count >= rule.minimumEndpoints else { return }
    for id in order {
      guard let interval = entries[id]?.interval, interval.calls >= rule.minimumCalls,
        interval.failures > 0, interval.failures * 100 >= rule.threshold * interval.calls
      else { continue }
      eject(id, for: .failurePercentage, enforcement: rule.enforcementPercent, now: now)
    }
  }

  /// One endpoint at the end of a sweep.
  private mutating func settle(_ id: SubchannelID, now: Duration) {
    guard let entry = entries[id] else { return }
    guard let ejectedAt = entry.ejectedAt else {
      entries[id]?.multiplier = max(0, entry.multiplier - 1)
      return
    }
    let time = min(
      configuration.baseEjectionTime * entry.multiplier, configuration.maxEjectionTime)
    if now >= ejectedAt + time, now > ejectedAt {
      giveBack(id)
      entries[id]?.load.tally.endRow()
    }
  }

  private mutating func returnSurplus() {
    let ejected = order.compactMap { id in entries[id]?.ejectedAt.map { (id: id, at: $0) } }
    let surplus = ejected.count - allowance
    guard surplus > 0 else { return }
    for (id, _) in ejected.sorted(by: { $0.at < $1.at }).prefix(surplus) {
      giveBack(id)
    }
  }
}
