/// What is printed. CPU is this process's own.
struct BenchReport: Encodable {
  let calls: Int
  let wallSeconds: Double
  let userMicrosecondsPerCall: Double
  let systemMicrosecondsPerCall: Double
  let p50Microseconds: Double
  let p90Microseconds: Double
  let p99Microseconds: Double
  /// By the server's name.
  let callsByBackend: [String: Int]

  init(_ tally: Tally, wall: Duration, used: ResourceUsage) {
    let ordered = tally.latencies.sorted()
    calls = ordered.count
    wallSeconds = wall / .seconds(1)
    let count = Double(max(calls, 1))
    userMicrosecondsPerCall = Double(used.user) / count
    systemMicrosecondsPerCall = Double(used.system) / count
    p50Microseconds = Self.percentile(ordered, 50)
    p90Microseconds = Self.percentile(ordered, 90)
    p99Microseconds = Self.percentile(ordered, 99)
    callsByBackend = Dictionary(
      tally.callsByReply.map { (String($0.split(separator: " ").last ?? ""), $1) },
      uniquingKeysWith: +)
  }

  /// By nearest rank, of nanoseconds in order; 0 without any.
  private static func percentile(_ ordered: [Int64], _ percent: Int) -> Double {
    guard !ordered.isEmpty else { return 0 }
    let rank = max((ordered.count * percent + 99) / 100, 1)
    return Double(ordered[rank - 1]) / 1000
  }
}
