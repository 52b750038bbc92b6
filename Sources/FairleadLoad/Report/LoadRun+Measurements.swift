extension LoadRun {
  /// The run that was measured.
  ///
  /// - Parameters:
  ///   - ratePerSecond: Calls a second of an open loop; latencies are then taken to run from when each call was due.
  ///   - elapsedSeconds: Of the measured part.
  package init(
    name: String, target: String, mode: LoadMode, connections: Int, concurrency: Int,
    ratePerSecond: Double?, warmUpSeconds: Double, elapsedSeconds: Double,
    measurements: Measurements
  ) {
    self.init(
      name: name, target: target, mode: mode, connections: connections, concurrency: concurrency,
      ratePerSecond: ratePerSecond, warmUpSeconds: warmUpSeconds, elapsedSeconds: elapsedSeconds,
      calls: measurements.calls, failed: measurements.failed, notSent: measurements.notSent,
      bytesSent: measurements.bytesSent, bytesReceived: measurements.bytesReceived,
      latency: LatencySummary(
        recorded: measurements.latencies.recorded,
        isMeasuredFromIntendedStart: ratePerSecond != nil),
      timeline: measurements.timeline.intervals(upTo: elapsedSeconds),
      statuses: StatusCode.allCases.compactMap { StatusCount($0, of: measurements) },
      backends: measurements.backends.map { BackendCount($0) })
    callsWithoutLatency = max(0, measurements.calls - measurements.latencies.count)
    let byConnection = measurements.callsByConnection
    guard !byConnection.isEmpty else { return }
    connectionsUsed = byConnection.count
    connectionsJudged = byConnection.count { $0 >= Verdict.callsToJudgeBackend }
  }
}

extension Timeline {
  /// The intervals as a report has them; what is beyond the end of the last one is no part of it.
  fileprivate func intervals(upTo elapsedSeconds: Double) -> [LoadInterval] {
    let timeline = legible(upTo: UInt64((max(0, elapsedSeconds) * 1e9).rounded()))
    let width = timeline.widthSeconds
    return timeline.intervals.enumerated().map { index, interval in
      let at = Double(index) * width
      let isEmpty = interval.latencies.isEmpty
      return LoadInterval(
        atSeconds: at, lengthSeconds: max(0, min(width, elapsedSeconds - at)),
        calls: interval.calls,
        failed: interval.failed,
        p50Seconds: isEmpty ? nil : interval.latencies.seconds(atPercentile: 50),
        p99Seconds: isEmpty ? nil : interval.latencies.seconds(atPercentile: 99))
    }
  }
}

extension StatusCount {
  /// Nil when no call had this status.
  fileprivate init?(_ status: StatusCode, of measurements: Measurements) {
    let measured = measurements[status]
    guard measured.count > 0 else { return nil }
    self.init(
      code: Int(status.rawValue), name: status.name, calls: measured.count,
      message: measured.exampleMessage.isEmpty ? nil : measured.exampleMessage)
  }
}

extension BackendCount {
  fileprivate init(_ measured: BackendMeasurements) {
    let isEmpty = measured.latencies.isEmpty
    self.init(
      name: measured.name, calls: measured.calls, failed: measured.failed,
      connections: measured.connections == 0 ? nil : measured.connections,
      p50Seconds: isEmpty ? nil : measured.latencies.seconds(atPercentile: 50),
      p99Seconds: isEmpty ? nil : measured.latencies.seconds(atPercentile: 99))
  }
}
