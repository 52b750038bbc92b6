/// The calls that one backend answered.
package struct BackendMeasurements: Sendable {
  package let name: String
  package internal(set) var calls = 0
  package internal(set) var failed = 0
  package internal(set) var latencies = LatencyHistogram(isCoarse: true)
  /// The numbers of the connections over which it answered: as many of them as are worth telling apart.
  private(set) var connectionNumbers: Set<Int> = []

  /// Over how many connections it answered.
  package var connections: Int { connectionNumbers.count }

  init(name: String) {
    self.name = name
  }

  mutating func answered(over connection: Int) {
    guard connectionNumbers.count < Measurements.maximumConnections else { return }
    connectionNumbers.insert(connection)
  }

  mutating func merge(_ other: BackendMeasurements) {
    calls += other.calls
    failed += other.failed
    latencies.merge(other.latencies)
    for number in other.connectionNumbers { answered(over: number) }
  }
}
