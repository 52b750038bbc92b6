/// What calls there were.
struct Tally: Sendable {
  /// Each reply names its server.
  private(set) var callsByReply: [String: Int] = [:]
  /// In nanoseconds.
  private(set) var latencies: [Int64] = []

  mutating func count(_ reply: String, latency: Duration) {
    callsByReply[reply, default: 0] += 1
    let (seconds, attoseconds) = latency.components
    latencies.append(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
  }

  mutating func add(_ other: Tally) {
    callsByReply.merge(other.callsByReply, uniquingKeysWith: +)
    latencies += other.latencies
  }
}
