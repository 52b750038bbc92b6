/// What a cluster is doing now, for `/clusters`.
package struct ClusterStatus: Sendable, Hashable, Codable {
  /// The cluster's name, `outbound|PORT|SUBSET|HOST`.
  package var name: String
  /// The service's full host name.
  package var service: String
  package var port: Int
  /// Absent for the whole service.
  package var subset: String?
  /// How RPCs are spread, `round_robin` for example.
  package var policy: String
  package var connectivity: Connectivity
  package var endpoints: [EndpointStatus]

  package init(
    name: String,
    service: String,
    port: Int,
    subset: String? = nil,
    policy: String,
    connectivity: Connectivity,
    endpoints: [EndpointStatus]
  ) {
    self.name = name
    self.service = service
    self.port = port
    self.subset = subset
    self.policy = policy
    self.connectivity = connectivity
    self.endpoints = endpoints
  }
}

extension ClusterStatus {
  /// The states of gRPC's connectivity API, and that of an endpoint that has left and finishes its calls.
  package enum Connectivity: String, Sendable, Hashable, Codable, CaseIterable {
    case ready
    case connecting
    case idle
    case transientFailure = "transient_failure"
    case draining
    case shutDown = "shut_down"
  }
}

extension ClusterStatus {
  /// Adds what another worker says of the same cluster: endpoints are matched by address and their counts added, the
  /// better state stands.
  package mutating func merge(_ other: ClusterStatus) {
    connectivity = min(connectivity, other.connectivity)
    var positions = Dictionary(
      endpoints.enumerated().map { ($1.address, $0) }, uniquingKeysWith: { first, _ in first })
    for endpoint in other.endpoints {
      if let position = positions[endpoint.address] {
        endpoints[position].merge(endpoint)
      } else {
        positions[endpoint.address] = endpoints.count
        endpoints.append(endpoint)
      }
    }
  }

  /// One status for each cluster from those of all workers, by name.
  package static func merging(_ statuses: [ClusterStatus]) -> [ClusterStatus] {
    var merged: [String: ClusterStatus] = [:]
    for status in statuses {
      merged[status.name, default: status.withoutEndpoints].merge(status)
    }
    return merged.values.sorted { $0.name < $1.name }
  }

  private var withoutEndpoints: ClusterStatus {
    var copy = self
    copy.endpoints = []
    return copy
  }
}

extension ClusterStatus.Connectivity: Comparable {
  /// The better one, that which can sooner take a call, comes first.
  package static func < (lhs: Self, rhs: Self) -> Bool { lhs.rank < rhs.rank }

  private var rank: Int {
    switch self {
    case .ready: 0
    case .connecting: 1
    case .idle: 2
    case .transientFailure: 3
    case .draining: 4
    case .shutDown: 5
    }
  }
}
