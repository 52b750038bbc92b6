extension Balancer {
  /// Begins, changes or, with `nil`, ends outlier detection (gRFC A50). The owner calls
  /// ``sweepOutliers(now:)`` every ``OutlierDetection/interval`` from then on, if it is active.
  ///
  /// An ejected endpoint keeps its connection and gets no calls. If all that are ready are ejected,
  /// they get calls all the same: an answer from a bad endpoint is worth more than none.
  public mutating func setOutlierDetection(_ configuration: OutlierDetection?) -> [Action] {
    guard let configuration, configuration.isActive else {
      outlierDetector?.stopCounting()
      outlierDetector = nil
      return publish()
    }
    if outlierDetector == nil {
      outlierDetector = OutlierDetector(configuration, random: random)
      tellOutlierDetector()
    } else {
      outlierDetector?.configure(configuration)
    }
    return publish()
  }

  /// The settings in force, `nil` without outlier detection.
  public var outlierDetection: OutlierDetection? { outlierDetector?.configuration }

  /// An interval is over.
  ///
  /// - Parameter now: the time since any fixed moment, on a clock that never goes back.
  public mutating func sweepOutliers(now: Duration) -> [Action] {
    guard outlierDetector != nil else { return [] }
    outlierDetector?.sweep(now: now)
    return publish()
  }

  /// ``EndpointLoad/callEnded(status:)`` returned `true` for a call to this endpoint.
  public mutating func failedInARow(_ id: SubchannelID, now: Duration) -> [Action] {
    guard outlierDetector != nil else { return [] }
    outlierDetector?.failedInARow(id, now: now)
    return publish()
  }

  /// Those that were not told yet.
  mutating func outlierVerdicts() -> [Action] {
    let verdicts = outlierDetector?.takeVerdicts() ?? []
    return verdicts.map { .observed(.outlier($0.id, $0.verdict)) }
  }

  /// The set is another one.
  mutating func tellOutlierDetector() {
    outlierDetector?.update(table.inOrder.map { ($0.id, $0.load) })
  }

  /// Of those that are ready, the ones that get calls.
  func inService(_ ready: [Candidate]) -> [Candidate] {
    guard let ejected = outlierDetector?.ejected, !ejected.isEmpty else { return ready }
    let kept = ready.filter { !ejected.contains($0.id) }
    return kept.isEmpty ? ready : kept
  }
}
