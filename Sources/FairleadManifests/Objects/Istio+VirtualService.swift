extension Istio {
  /// A VirtualService: rules that say where the calls to a host go.
  package struct VirtualService: Sendable, Hashable {
    package var metadata: ObjectMetadata
    package var hosts: [Host]
    /// In order; the first that matches wins.
    package var http: [HTTPRule]

    package init(metadata: ObjectMetadata, hosts: [Host], http: [HTTPRule]) {
      self.metadata = metadata
      self.hosts = hosts
      self.http = http
    }

    package struct HTTPRule: Sendable, Hashable {
      /// The index in the object's `http`.
      package var index: Int
      package var name: String?
      package var match: Match
      package var route: [Destination]
      package var origin: Origin

      package init(
        index: Int, name: String? = nil, match: Match = .everything, route: [Destination],
        origin: Origin = Origin()
      ) {
        self.index = index
        self.name = name
        self.match = match
        self.route = route
        self.origin = origin
      }
    }

    /// The calls that a rule takes: as far as that can be told, by the called port alone.
    package struct Match: Sendable, Hashable {
      /// Every call to these ports of the host is taken.
      package var takes: Ports
      /// Calls to these are meant, too, but on conditions that are not honoured, or for something
      /// else than a route. The rule takes none of them, rather than calls it was not meant for.
      package var mayTake: Ports

      package init(takes: Ports = .only([]), mayTake: Ports = .only([])) {
        self.takes = takes
        self.mayTake = mayTake
      }

      /// No `match`, or an entry without a condition.
      package static let everything = Match(takes: .all)

      package static func ports(_ ports: Set<Int>) -> Match { Match(takes: .only(ports)) }
    }

    package enum Ports: Sendable, Hashable {
      case all
      case only(Set<Int>)

      package func contains(_ port: Int) -> Bool {
        switch self {
        case .all: true
        case .only(let ports): ports.contains(port)
        }
      }

      /// - Parameter port: `nil` for every port.
      package mutating func insert(_ port: Int?) {
        switch (self, port) {
        case (.all, _), (.only, nil): self = .all
        case (.only(let ports), let port?): self = .only(ports.union([port]))
        }
      }

      package func union(_ other: Ports) -> Ports {
        switch (self, other) {
        case (.only(let some), .only(let others)): .only(some.union(others))
        case (.all, _), (_, .all): .all
        }
      }
    }

    package struct Destination: Sendable, Hashable {
      package var host: Host
      package var subset: String?
      package var port: Int?
      /// Relative to the sum of the rule's weights.
      package var weight: Int
      package var origin: Origin

      package init(
        host: Host, subset: String? = nil, port: Int? = nil, weight: Int = 1,
        origin: Origin = Origin()
      ) {
        self.host = host
        self.subset = subset
        self.port = port
        self.weight = weight
        self.origin = origin
      }
    }
  }
}
