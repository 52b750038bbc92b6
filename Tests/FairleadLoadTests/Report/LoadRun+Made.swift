@testable import FairleadLoad

extension LoadRun {
  /// A run with so many calls by backend, all answered unless it says otherwise.
  static func made(
    name: String = "run", target: String = "127.0.0.1:9000", mode: LoadMode = .connection,
    connections: Int = 1,
    backends: [(name: String, calls: Int, connections: Int?)], unanswered: Int = 0,
    used: Int? = nil, judged: Int? = nil, notSent: Int = 0,
    failures: [(code: Int, name: String, calls: Int)] = []
  ) -> LoadRun {
    let calls = backends.reduce(unanswered) { $0 + $1.calls }
    let failed = failures.reduce(0) { $0 + $1.calls }
    let succeeded = StatusCount(code: 0, name: "OK", calls: calls - failed, message: nil)
    var run = LoadRun(
      name: name, target: target, mode: mode, connections: connections, concurrency: 10,
      ratePerSecond: nil, warmUpSeconds: 0, elapsedSeconds: 2, calls: calls, failed: failed,
      notSent: notSent, bytesSent: 0, bytesReceived: 0, latency: nil, timeline: [],
      statuses: failures.map {
        StatusCount(code: $0.code, name: $0.name, calls: $0.calls, message: "why")
      } + (calls > failed ? [succeeded] : []),
      backends: backends.map {
        BackendCount(
          name: $0.name, calls: $0.calls, failed: 0, connections: $0.connections, p50Seconds: nil,
          p99Seconds: nil)
      })
    run.connectionsUsed = used ?? connections
    run.connectionsJudged = judged ?? (calls >= 10 * connections ? connections : 0)
    return run
  }

  /// The same with backends `a`, `b`, `c` … whose connections were not counted.
  static func made(
    _ counts: [Int], mode: LoadMode = .connection, connections: Int = 1, unanswered: Int = 0,
    failures: [(code: Int, name: String, calls: Int)] = []
  ) -> LoadRun {
    let names = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"]
    return .made(
      mode: mode, connections: connections,
      backends: zip(names, counts).map { ($0, $1, nil) }, unanswered: unanswered,
      failures: failures)
  }
}
