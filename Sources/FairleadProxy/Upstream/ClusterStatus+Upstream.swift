import FairleadBalancing
import FairleadRouting
import FairleadTelemetry

extension ClusterStatus {
  /// A cluster that no worker has connected yet.
  init(uncalled cluster: Cluster) {
    self.init(
      name: cluster.name, service: cluster.service.host, port: cluster.port,
      subset: cluster.subset, policy: cluster.policyName, connectivity: .idle,
      endpoints: cluster.endpoints.endpoints.map { endpoint in
        EndpointStatus(
          name: endpoint.name, address: endpoint.address.description, weight: endpoint.weight,
          state: .idle, labels: endpoint.labels)
      })
  }
}

extension EndpointStatus {
  init(_ status: SubchannelStatus, connections: Int) {
    self.init(
      name: status.endpoint.name, address: status.endpoint.address.description,
      weight: status.weight, state: ClusterStatus.Connectivity(status.state),
      active: status.active, total: status.total, connections: connections,
      lastError: status.lastError, labels: status.endpoint.labels)
  }
}

extension ClusterStatus.Connectivity {
  fileprivate init(_ state: SubchannelState) {
    self =
      switch state {
      case .idle: .idle
      case .connecting: .connecting
      case .ready: .ready
      case .transientFailure: .transientFailure
      case .draining: .draining
      }
  }
}
