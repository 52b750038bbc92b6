import FairleadBalancing
import FairleadRouting

/// A Service, or one host of a ServiceEntry: a name that can be called.
struct HostedService: Hashable {
  var identity: ServiceIdentity
  /// The names that clients call it by, in lower case and without a port.
  var aliases: [String]
  /// In the order of its object's.
  var ports: [Port]
  var source: Source
  /// For findings about the service.
  var origin: Origin

  struct Port: Hashable {
    var number: Int
    /// Another number that clients may call it by.
    var alias: Int?
    var unit: BalancingUnit
  }

  /// The object that says where its endpoints come from.
  enum Source: Hashable {
    case service(Kubernetes.Service)
    case entry(Istio.ServiceEntry)
  }

  var balancing: BalancingAnnotations {
    switch source {
    case .service(let object): object.balancing
    case .entry(let object): object.balancing
    }
  }

  func port(_ number: Int) -> Port? {
    ports.first { $0.number == number }
  }

  /// Every authority that means this port: each name with it, and without it if it is the only one
  /// or HTTP's own.
  func domains(of port: Port) -> [String] {
    let goesWithoutSaying = ports.count == 1 || port.number == 80
    return aliases.flatMap { name in
      var domains = ["\(name):\(port.number)"]
      if goesWithoutSaying { domains.insert(name, at: 0) }
      if let alias = port.alias { domains.append("\(name):\(alias)") }
      return domains
    }
  }
}
