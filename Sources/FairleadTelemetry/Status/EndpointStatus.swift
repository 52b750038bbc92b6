/// What an endpoint of a cluster is doing now.
package struct EndpointStatus: Sendable, Hashable, Codable {
  /// The pod's name.
  package var name: String
  package var address: String
  package var weight: Int
  package var state: ClusterStatus.Connectivity
  /// Calls that run.
  package var active: Int
  /// Calls that it was ever given.
  package var total: Int
  /// Connections that are open.
  package var connections: Int
  /// Why the last attempt to connect failed, until one succeeds.
  package var lastError: String?
  package var labels: [String: String]

  package init(
    name: String,
    address: String,
    weight: Int = 1,
    state: ClusterStatus.Connectivity,
    active: Int = 0,
    total: Int = 0,
    connections: Int = 0,
    lastError: String? = nil,
    labels: [String: String] = [:]
  ) {
    self.name = name
    self.address = address
    self.weight = weight
    self.state = state
    self.active = active
    self.total = total
    self.connections = connections
    self.lastError = lastError
    self.labels = labels
  }

  /// Adds what another worker says of the same endpoint.
  package mutating func merge(_ other: EndpointStatus) {
    state = min(state, other.state)
    active += other.active
    total += other.total
    connections += other.connections
    lastError = lastError ?? other.lastError
  }
}
