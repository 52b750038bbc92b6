import FairleadBalancing

/// The EndpointSlices of one Service put together, with what is known of the pods behind them.
///
/// An endpoint that is in two slices, as one that moves between them is for some time, is there twice; choosing among them
/// keeps one (`SliceEndpoint.chosen`).
package struct SliceUnion: Sendable {
  private let slices: [Kubernetes.EndpointSlice]
  private let pods: [String: PodTraits]

  /// What an endpoint takes from its pod.
  package struct PodTraits: Sendable, Hashable {
    package var labels: [String: String]
    /// At least 1.
    package var weight: Int

    package init(labels: [String: String] = [:], weight: Int = 1) {
      self.labels = labels
      self.weight = weight
    }

    package init(_ pod: Kubernetes.Pod) {
      self.init(labels: pod.metadata.labels, weight: pod.weight)
    }
  }

  /// - Parameters:
  ///   - slices: all slices of the Service, in any order.
  ///   - pods: by name, of the Service's namespace; one that is not there has no labels and weight 1.
  package init(
    _ slices: some Sequence<Kubernetes.EndpointSlice>, pods: [String: PodTraits] = [:]
  ) {
    self.slices = slices.sorted { $0.metadata.key < $1.metadata.key }
    self.pods = pods
  }

  /// The endpoints of the port of this name, ready or not; `nil` and empty mean the only port, which has no name. A pod with
  /// addresses of both families is one endpoint, by its IPv4 address.
  package func endpoints(portName: String?) -> [SliceEndpoint] {
    let name = portName ?? ""
    let ipv4 = endpoints(portName: name, type: .ipv4)
    guard slices.contains(where: { $0.addressType == .ipv6 }) else { return ipv4 }
    let known = Set(ipv4.compactMap(\.podName))
    let ipv6 = endpoints(portName: name, type: .ipv6).filter {
      $0.podName.map { !known.contains($0) } ?? true
    }
    return ipv4 + ipv6
  }

  private func endpoints(
    portName: String, type: Kubernetes.EndpointSlice.AddressType
  ) -> [SliceEndpoint] {
    slices.filter { $0.addressType == type }.flatMap { slice in
      let numbers = slice.ports.filter { ($0.name ?? "") == portName }.compactMap(\.port)
      return numbers.flatMap { number in
        slice.endpoints.map { endpoint($0, port: number) }
      }
    }
  }

  private func endpoint(
    _ endpoint: Kubernetes.EndpointSlice.Endpoint, port: Int
  ) -> SliceEndpoint {
    let pod = endpoint.podName.flatMap { pods[$0] } ?? PodTraits()
    return SliceEndpoint(
      endpoint: Endpoint(
        address: .ip(host: endpoint.address, port: port), name: endpoint.podName,
        weight: pod.weight, locality: Labels.locality(pod.labels, zone: endpoint.zone),
        labels: pod.labels),
      conditions: endpoint.conditions, podName: endpoint.podName, hints: endpoint.hints)
  }
}
