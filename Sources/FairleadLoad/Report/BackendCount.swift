/// The calls that one backend answered.
package struct BackendCount: Sendable, Hashable, Codable {
  /// What answers call it; a peer may have written it.
  package let name: String

  /// Calls that it answered, with whatever status.
  package let calls: Int

  /// Its part of all calls of which the backend is known: from 0 to 1.
  package private(set) var share: Double

  /// Those with another status than OK.
  package let failed: Int

  /// Over how many different connections its answers came, nil when nobody has counted. A target that balances connections
  /// gives each connection one backend, so these add up to the connections of the run; that is how a verdict knows.
  package let connections: Int?

  /// Nil without calls.
  package let p50Seconds: Double?
  package let p99Seconds: Double?

  /// - Parameter connections: See the property: give it wherever answers are known by connection.
  package init(
    name: String, calls: Int, failed: Int, connections: Int?, p50Seconds: Double?,
    p99Seconds: Double?
  ) {
    self.name = name
    self.calls = calls
    self.share = 0
    self.failed = failed
    self.connections = connections
    self.p50Seconds = p50Seconds
    self.p99Seconds = p99Seconds
  }

  /// A backend that is known and did not answer.
  static func unheard(_ name: String) -> BackendCount {
    BackendCount(
      name: name, calls: 0, failed: 0, connections: 0, p50Seconds: nil, p99Seconds: nil)
  }

  /// The same, with its share of so many calls.
  func sharing(_ all: Int) -> BackendCount {
    var shared = self
    shared.share = all > 0 ? Double(calls) / Double(all) : 0
    return shared
  }

  /// Both counts under one name; its latencies are those of the greater one.
  func merged(_ other: BackendCount) -> BackendCount {
    let greater = calls >= other.calls ? self : other
    return BackendCount(
      name: name, calls: calls + other.calls, failed: failed + other.failed, connections: nil,
      p50Seconds: greater.p50Seconds, p99Seconds: greater.p99Seconds)
  }
}
