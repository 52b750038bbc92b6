import Testing

@testable import FairleadLoad

@Suite("A run from its measurements")
struct LoadRunMeasurementsTests {
  /// Calls of 1 ms each, over four connections, in the first second and a half.
  private func measured() -> Measurements {
    var measurements = Measurements()
    let connections = (0..<4).map { _ in measurements.connection() }
    let first = measurements.backend(named: "pod-1")
    let second = measurements.backend(named: "pod-2")
    for index in 0..<30 {
      let backend = index < 20 ? first : second
      measurements.record(
        latencyNanoseconds: 1_000_000, status: .ok, backend: backend, at: UInt64(index) * 50_000_000
      )
      measurements.note(
        connection: index % 2 + (backend == first ? 0 : 2), answeredBy: backend)
      measurements.answered(over: connections[index % 2 + (backend == first ? 0 : 2)])
    }
    measurements.record(
      latencyNanoseconds: nil, status: .unavailable, backend: nil, at: 1_490_000_000)
    measurements.note(message: "refused", for: .unavailable)
    measurements.notSent = 7
    measurements.bytesSent = 100
    measurements.bytesReceived = 200
    return measurements
  }

  private func run(
    _ measurements: Measurements, rate: Double? = nil, elapsed: Double = 1.49
  ) -> LoadRun {
    LoadRun(
      name: "n", target: "t", mode: .connection, connections: 4, concurrency: 1,
      ratePerSecond: rate, warmUpSeconds: 0, elapsedSeconds: elapsed, measurements: measurements)
  }

  @Test("Counts, statuses and octets")
  func counts() {
    let run = run(measured())
    #expect(run.calls == 31 && run.failed == 1 && run.notSent == 7 && run.unattributed == 1)
    #expect(run.callsPerSecond == 31 / 1.49)
    #expect(run.bytesSent == 100 && run.bytesReceived == 200)
    #expect(run.statuses.map(\.name) == ["OK", "UNAVAILABLE"])
    #expect(run.statuses.map(\.code) == [0, 14])
    #expect(run.statuses.map(\.message) == [nil, "refused"])
  }

  @Test("Backends with their connections and latencies")
  func backends() throws {
    let run = run(measured())
    #expect(run.backends.map(\.name) == ["pod-1", "pod-2"])
    #expect(run.backends.map(\.calls) == [20, 10])
    #expect(run.backends.map(\.connections) == [2, 2])
    let median = try #require(run.backends[0].p50Seconds)
    #expect(abs(median - 0.001) < 0.000_002)
  }

  @Test("Connections that carried calls, and those that carried enough")
  func connections() {
    #expect(run(measured()).connectionsUsed == 4 && run(measured()).connectionsJudged == 2)
    #expect(run(Measurements()).connectionsUsed == nil)
    #expect(run(Measurements()).connectionsJudged == nil)
  }

  @Test("Connections that nobody noted are not known, rather than none")
  func unnoted() {
    var measurements = Measurements()
    let backend = measurements.backend(named: "pod")
    measurements.record(latencyNanoseconds: 1, status: .ok, backend: backend, at: 0)
    #expect(run(measurements).backends[0].connections == nil)
  }

  @Test("Connections of several workers are one set")
  func merged() {
    var all = measured()
    all.merge(measured())
    #expect(run(all).backends.map(\.connections) == [2, 2])
    #expect(run(all).backends.map(\.calls) == [40, 20])
  }

  @Test("Intervals follow each other, and the last one ends with the run")
  func timeline() {
    let timeline = run(measured()).timeline
    // Few calls: 80 ms each up to 1.49 s, when the last one ended.
    #expect(timeline.count == 19)
    #expect(timeline.reduce(0) { $0 + $1.calls } == 31)
    #expect(timeline.map(\.failed).reduce(0, +) == 1 && timeline[18].failed == 1)
    #expect(timeline[0].calls == 2 && timeline[0].lengthSeconds == 0.08)
    #expect(abs(timeline[18].atSeconds - 1.44) < 1e-9)
    #expect(abs(timeline[18].lengthSeconds - 0.05) < 1e-9)
  }

  @Test("A short run with many calls has several intervals")
  func shortTimeline() {
    var measurements = Measurements()
    for index in 0..<1000 {
      measurements.record(
        latencyNanoseconds: 1000, status: .ok, backend: nil, at: UInt64(index) * 50_000)
    }
    #expect(
      run(measurements, elapsed: 0.049_95).timeline.map(\.calls) == [200, 200, 200, 200, 200])
  }

  @Test("Calls that ended in the very moment of the end are in the interval before it")
  func lastMoment() {
    var measurements = Measurements()
    measurements.record(latencyNanoseconds: 1, status: .ok, backend: nil, at: 79_999_999)
    measurements.record(latencyNanoseconds: 1, status: .ok, backend: nil, at: 80_000_000)
    let timeline = run(measurements, elapsed: 0.08).timeline
    #expect(timeline.map(\.calls) == [2] && timeline.map(\.rate) == [25])
  }

  @Test("With a rate, latency is from when calls were due")
  func openLoop() {
    #expect(run(measured()).latency?.isMeasuredFromIntendedStart == false)
    #expect(run(measured(), rate: 20).latency?.isMeasuredFromIntendedStart == true)
  }

  @Test("Nothing measured is a run without latency")
  func nothing() {
    let run = run(Measurements())
    #expect(run.latency == nil && run.timeline.isEmpty && run.verdict.kind == .noCalls)
  }
}
