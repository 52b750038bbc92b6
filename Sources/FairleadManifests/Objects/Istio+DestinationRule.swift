extension Istio {
  /// A DestinationRule: how calls are spread over a host's endpoints, and the host's subsets.
  package struct DestinationRule: Sendable, Hashable {
    package var metadata: ObjectMetadata
    package var host: Host
    package var trafficPolicy: TrafficPolicy?
    package var subsets: [Subset]

    package init(
      metadata: ObjectMetadata, host: Host, trafficPolicy: TrafficPolicy? = nil,
      subsets: [Subset] = []
    ) {
      self.metadata = metadata
      self.host = host
      self.trafficPolicy = trafficPolicy
      self.subsets = subsets
    }

    package struct Subset: Sendable, Hashable {
      package var name: String
      /// Labels that an endpoint must all have; empty takes every endpoint.
      package var labels: [String: String]
      package var trafficPolicy: TrafficPolicy?
      package var origin: Origin

      package init(
        name: String, labels: [String: String], trafficPolicy: TrafficPolicy? = nil,
        origin: Origin = Origin()
      ) {
        self.name = name
        self.labels = labels
        self.trafficPolicy = trafficPolicy
        self.origin = origin
      }
    }

    package struct TrafficPolicy: Sendable, Hashable {
      package var loadBalancer: LoadBalancer?
      /// By port. An entry stands for the whole policy at its port: what it leaves out has its
      /// default there.
      package var portLevel: [Int: PortLevel]

      package init(loadBalancer: LoadBalancer? = nil, portLevel: [Int: PortLevel] = [:]) {
        self.loadBalancer = loadBalancer
        self.portLevel = portLevel
      }
    }

    package struct PortLevel: Sendable, Hashable {
      package var loadBalancer: LoadBalancer?
      package var origin: Origin

      package init(loadBalancer: LoadBalancer?, origin: Origin = Origin()) {
        self.loadBalancer = loadBalancer
        self.origin = origin
      }
    }

    /// `loadBalancer.simple`, as far as it is honoured.
    package enum LoadBalancer: Sendable, Hashable {
      /// `UNSPECIFIED`, or a block without a value that is honoured.
      case unspecified
      case roundRobin
      /// `LEAST_REQUEST`, and its old name `LEAST_CONN`.
      case leastRequest
      case random
    }
  }
}
