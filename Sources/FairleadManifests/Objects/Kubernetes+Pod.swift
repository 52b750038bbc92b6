extension Kubernetes {
  /// A `v1` Pod, as far as it can be called.
  package struct Pod: Sendable, Hashable {
    package var metadata: ObjectMetadata
    /// `status.podIP`, else the first of `status.podIPs`.
    package var address: String?
    package var phase: Phase?
    /// Condition `Ready`; `nil` if the status has none, as in a file written by hand.
    package var readyCondition: Bool?
    /// TCP ports of the containers.
    package var ports: [ContainerPort]
    /// Its share of the calls relative to the other pods of its Service, at least 1: the annotation `fairlead.dev/weight`.
    package var weight: Int

    package init(
      metadata: ObjectMetadata, address: String?, phase: Phase? = nil,
      readyCondition: Bool? = nil, ports: [ContainerPort] = [], weight: Int = 1
    ) {
      self.metadata = metadata
      self.address = address
      self.phase = phase
      self.readyCondition = readyCondition
      self.ports = ports
      self.weight = weight
    }

    package enum Phase: String, Sendable, Hashable {
      case pending = "Pending"
      case running = "Running"
      case succeeded = "Succeeded"
      case failed = "Failed"
      case unknown = "Unknown"
    }

    package struct ContainerPort: Sendable, Hashable {
      package var name: String?
      package var port: Int

      package init(name: String? = nil, port: Int) {
        self.name = name
        self.port = port
      }
    }

    /// Whether its containers have ended for good; such a pod is no endpoint at all.
    package var hasEnded: Bool { phase == .succeeded || phase == .failed }

    /// What an EndpointSlice would say of this pod. Without a `Ready` condition a pod is ready
    /// unless it is pending: the files of a laptop state an address and nothing more.
    package var conditions: EndpointSlice.Conditions {
      let isServing = readyCondition ?? (phase != .pending)
      return EndpointSlice.Conditions(
        isReady: isServing && !metadata.isDeleting, isServing: isServing,
        isTerminating: metadata.isDeleting)
    }
  }
}
