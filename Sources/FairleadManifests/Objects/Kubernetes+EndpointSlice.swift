extension Kubernetes {
  /// A `discovery.k8s.io/v1` EndpointSlice: some of the endpoints of one Service.
  package struct EndpointSlice: Sendable, Hashable {
    package var metadata: ObjectMetadata
    /// Label `kubernetes.io/service-name`; `nil` belongs to no Service.
    package var serviceName: String?
    package var addressType: AddressType
    package var endpoints: [Endpoint]
    package var ports: [Port]

    package init(
      metadata: ObjectMetadata, serviceName: String?, addressType: AddressType = .ipv4,
      endpoints: [Endpoint], ports: [Port]
    ) {
      self.metadata = metadata
      self.serviceName = serviceName
      self.addressType = addressType
      self.endpoints = endpoints
      self.ports = ports
    }

    package enum AddressType: String, Sendable, Hashable {
      case ipv4 = "IPv4"
      case ipv6 = "IPv6"
      /// Deprecated; no endpoint comes of it.
      case fqdn = "FQDN"
    }

    package struct Endpoint: Sendable, Hashable {
      /// The first of `addresses`; the API gives the others no meaning.
      package var address: String
      package var conditions: Conditions
      /// The pod behind it, if `targetRef` names one.
      package var podName: String?
      package var zone: String?
      package var hints: Hints

      package init(
        address: String, conditions: Conditions = Conditions(), podName: String? = nil,
        zone: String? = nil, hints: Hints = Hints()
      ) {
        self.address = address
        self.conditions = conditions
        self.podName = podName
        self.zone = zone
        self.hints = hints
      }
    }

    /// For which clients the control plane means an endpoint; empty for none in particular. A Service's
    /// `trafficDistribution` is expressed through them.
    package struct Hints: Sendable, Hashable {
      /// `forNodes`, by name.
      package var nodes: [String]
      /// `forZones`, by name.
      package var zones: [String]

      package init(nodes: [String] = [], zones: [String] = []) {
        self.nodes = nodes
        self.zones = zones
      }
    }

    /// With the API's defaults for what is not said: ready, serving, not terminating.
    package struct Conditions: Sendable, Hashable {
      package var isReady: Bool
      package var isServing: Bool
      package var isTerminating: Bool

      package init(isReady: Bool? = nil, isServing: Bool? = nil, isTerminating: Bool? = nil) {
        self.isReady = isReady ?? true
        self.isServing = isServing ?? true
        self.isTerminating = isTerminating ?? false
      }
    }

    package struct Port: Sendable, Hashable {
      /// `nil` and empty are the same: the Service's single port without a name.
      package var name: String?
      /// `nil` means any port, and no endpoint comes of it.
      package var port: Int?

      package init(name: String? = nil, port: Int?) {
        self.name = name
        self.port = port
      }
    }
  }
}
