import FairleadBalancing

/// One endpoint of a Service's port, with what decides whether it is called.
package struct SliceEndpoint: Sendable, Hashable {
  package var endpoint: Endpoint
  package var conditions: Kubernetes.EndpointSlice.Conditions
  /// The pod behind it, if one is named.
  package var podName: String?
  /// For which clients the control plane means it.
  package var hints: Kubernetes.EndpointSlice.Hints

  package init(
    endpoint: Endpoint, conditions: Kubernetes.EndpointSlice.Conditions, podName: String? = nil,
    hints: Kubernetes.EndpointSlice.Hints = Kubernetes.EndpointSlice.Hints()
  ) {
    self.endpoint = endpoint
    self.conditions = conditions
    self.podName = podName
    self.hints = hints
  }
}

extension SliceEndpoint {
  /// Those that are called, by name and address: all that are ready, as far as hints mean them for this client; if none is
  /// ready, those that still serve while they terminate (kube-proxy's rule).
  package static func chosen(
    among endpoints: [SliceEndpoint], zone: String? = nil, nodeName: String? = nil
  ) -> EndpointSet {
    var chosen = endpoints.filter(\.conditions.isReady)
    if chosen.isEmpty {
      chosen = endpoints.filter { $0.conditions.isServing && $0.conditions.isTerminating }
    } else {
      chosen = hinted(chosen, zone: zone, nodeName: nodeName)
    }
    return EndpointSet(
      chosen.map(\.endpoint).sorted {
        if $0.name != $1.name { return $0.name < $1.name }
        return $0.address.description < $1.address.description
      })
  }

  /// Hints count only if every ready endpoint has one and at least one means this client; nodes come before zones
  /// (kube-proxy's `topologyModeFromHints`). Else calls go to all: better to cross a zone than to overload a few endpoints.
  private static func hinted(
    _ ready: [SliceEndpoint], zone: String?, nodeName: String?
  ) -> [SliceEndpoint] {
    if let nodeName, ready.allSatisfy({ !$0.hints.nodes.isEmpty }) {
      let near = ready.filter { $0.hints.nodes.contains(nodeName) }
      if !near.isEmpty { return near }
    }
    if let zone, ready.allSatisfy({ !$0.hints.zones.isEmpty }) {
      let near = ready.filter { $0.hints.zones.contains(zone) }
      if !near.isEmpty { return near }
    }
    return ready
  }
}
