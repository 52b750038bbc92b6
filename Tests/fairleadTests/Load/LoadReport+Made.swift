@testable import FairleadLoad

extension LoadRun {
  /// A run of two seconds, its calls answered by the given backends in a millisecond each, but for those that failed.
  static func made(
    _ name: String, mode: LoadMode = .connection, connections: Int = 1,
    backends: [(String, Int)], failed: Int = 0, message: String? = nil, rate: Double? = nil,
    notSent: Int = 0, recorded: [RecordedLatency]? = nil, timeline: [LoadInterval] = []
  ) -> LoadRun {
    let answered = backends.reduce(0) { $0 + $1.1 }
    let calls = answered + failed
    var statuses = [StatusCount(code: 0, name: "OK", calls: answered, message: nil)]
    if failed > 0 {
      statuses.append(
        StatusCount(code: 14, name: "UNAVAILABLE", calls: failed, message: message))
    }
    return LoadRun(
      name: name, target: "127.0.0.1:9000", mode: mode, connections: connections, concurrency: 10,
      ratePerSecond: rate, warmUpSeconds: 0, elapsedSeconds: 2, calls: calls, failed: failed,
      notSent: notSent, bytesSent: 1024, bytesReceived: 2048,
      latency: LatencySummary(
        recorded: recorded ?? [RecordedLatency(nanoseconds: 1_000_000, calls: answered)],
        isMeasuredFromIntendedStart: rate != nil),
      timeline: timeline, statuses: statuses,
      backends: backends.map {
        BackendCount(
          name: $0.0, calls: $0.1, failed: 0, connections: nil, p50Seconds: 0.001, p99Seconds: 0.001
        )
      })
  }
}

extension LoadReport {
  static func made(_ runs: [LoadRun], backends: Int? = nil) -> LoadReport {
    LoadReport(
      method: "helloworld.Greeter/SayHello", backendsBy: "header x-pod", runs: runs,
      backendCount: backends)
  }
}
