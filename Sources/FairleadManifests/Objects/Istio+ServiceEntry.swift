import FairleadBalancing

extension Istio {
  /// A ServiceEntry: hosts and their endpoints, written out or resolved.
  package struct ServiceEntry: Sendable, Hashable {
    package var metadata: ObjectMetadata
    package var hosts: [Host]
    package var ports: [Port]
    package var resolution: Resolution
    /// With `resolution: DNS` there may be none: the hosts are then resolved themselves.
    package var endpoints: [Endpoint]
    package var balancing: BalancingAnnotations

    package init(
      metadata: ObjectMetadata, hosts: [Host], ports: [Port], resolution: Resolution = .static,
      endpoints: [Endpoint], balancing: BalancingAnnotations = .none
    ) {
      self.metadata = metadata
      self.hosts = hosts
      self.ports = ports
      self.resolution = resolution
      self.endpoints = endpoints
      self.balancing = balancing
    }

    /// What its endpoints come from instead of `endpoints`.
    package var target: String? { balancing.target }

    package enum Resolution: Sendable, Hashable {
      case `static`
      /// `DNS`, and `DNS_ROUND_ROBIN`, which is taken for it.
      case dns
    }

    package struct Port: Sendable, Hashable {
      package var number: Int
      package var name: String
      /// `GRPC`, `HTTP2`, `TCP` and so on.
      package var protocolName: String?
      package var targetPort: Int?
      package var origin: Origin

      package init(
        number: Int, name: String, protocolName: String? = nil, targetPort: Int? = nil,
        origin: Origin = Origin()
      ) {
        self.number = number
        self.name = name
        self.protocolName = protocolName
        self.targetPort = targetPort
        self.origin = origin
      }
    }

    package struct Endpoint: Sendable, Hashable {
      package var address: Address
      /// The endpoint's own port for a port of the entry, by the port's name.
      package var ports: [String: Int]
      package var labels: [String: String]
      /// At least 1.
      package var weight: Int
      package var locality: Locality?

      package init(
        address: Address, ports: [String: Int] = [:], labels: [String: String] = [:],
        weight: Int = 1, locality: Locality? = nil
      ) {
        self.address = address
        self.ports = ports
        self.labels = labels
        self.weight = weight
        self.locality = locality
      }
    }

    package enum Address: Sendable, Hashable {
      case ip(String)
      /// A host name, only with `resolution: DNS`.
      case name(String)
      /// `unix:///path`.
      case unix(path: String)
    }
  }

  /// A host as a rule names it, not yet resolved.
  package struct Host: Sendable, Hashable {
    package var text: String
    package var origin: Origin

    package init(_ text: String, origin: Origin = Origin()) {
      self.text = text
      self.origin = origin
    }
  }
}
