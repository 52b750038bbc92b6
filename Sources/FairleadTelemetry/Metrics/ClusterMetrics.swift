/// What was counted for one cluster: by endpoint, and for what no endpoint stands for.
package struct ClusterMetrics: Sendable {
  /// Which cluster it is, as it appears in labels.
  package struct Identity: Sendable, Hashable {
    /// The cluster's name, `outbound|PORT|SUBSET|HOST`.
    package var cluster: String
    /// The service's full host name.
    package var serviceHost: String
    package var serviceName: String
    package var serviceNamespace: String
    /// Empty for the whole service.
    package var subset: String

    package init(
      cluster: String,
      serviceHost: String,
      serviceName: String,
      serviceNamespace: String,
      subset: String = ""
    ) {
      self.cluster = cluster
      self.serviceHost = serviceHost
      self.serviceName = serviceName
      self.serviceNamespace = serviceNamespace
      self.subset = subset
    }
  }

  /// One endpoint and its counts.
  package struct Endpoint: Sendable {
    /// The pod's name.
    package var name: String
    /// Where it listens; what tells endpoints of a cluster apart.
    package var address: String
    package var metrics: EndpointMetrics

    package init(name: String, address: String, metrics: EndpointMetrics) {
      self.name = name
      self.address = address
      self.metrics = metrics
    }
  }

  package var identity: Identity
  package var endpoints: [Endpoint]
  /// Calls for the cluster that ended, or still wait, without an endpoint: none was there, the deadline passed, the
  /// client left.
  package var unassigned: CallCounters
  /// The sum of the endpoints that have left, so that the cluster's own counts never go back.
  package private(set) var departed: EndpointMetrics

  package init(
    identity: Identity,
    endpoints: [Endpoint] = [],
    unassigned: CallCounters = CallCounters(),
    departed: EndpointMetrics = EndpointMetrics()
  ) {
    self.identity = identity
    self.endpoints = endpoints
    self.unassigned = unassigned
    self.departed = departed
  }

  /// An endpoint has left the cluster and its last call and connection have ended: its counts stay as part of the
  /// cluster's, without a name.
  package mutating func depart(_ metrics: EndpointMetrics) {
    departed += metrics
  }

  /// Everything of the cluster in one.
  package var total: EndpointMetrics {
    var total = departed.copy()
    for endpoint in endpoints {
      total += endpoint.metrics
    }
    return total
  }

  /// All calls of the cluster, with those that reached no endpoint.
  package var calls: CallCounters {
    var calls = total.calls
    calls += unassigned
    return calls
  }

  /// Adds what another worker counted for the same cluster; endpoints are matched by address.
  package static func += (total: inout ClusterMetrics, other: ClusterMetrics) {
    var positions: [String: Int] = [:]
    for (position, endpoint) in total.endpoints.enumerated() {
      positions[endpoint.address] = position
    }
    for endpoint in other.endpoints {
      if let position = positions[endpoint.address] {
        total.endpoints[position].metrics += endpoint.metrics
      } else {
        positions[endpoint.address] = total.endpoints.count
        total.endpoints.append(endpoint)
      }
    }
    total.unassigned += other.unassigned
    total.departed += other.departed
  }
}
