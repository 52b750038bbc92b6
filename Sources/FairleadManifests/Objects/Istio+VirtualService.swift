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

    package enum Match: Sendable, Hashable {
      /// No `match`, or an entry without a condition.
      case everything
      /// Calls to one of these ports of the host. Empty if it cannot be told which calls are meant,
      /// as every entry has a condition that is not honoured: the rule then takes no call, rather
      /// than calls it was not meant for.
      case ports([Int])
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
