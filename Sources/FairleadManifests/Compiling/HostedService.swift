import FairleadBalancing
import FairleadRouting

/// A Service, or one host of a ServiceEntry: a name that can be called.
struct HostedService {
  var identity: ServiceIdentity
  /// The names that clients call it by, in lower case and without a port.
  var aliases: [String]
  var ports: [Port]
  /// For findings about the service.
  var origin: Origin

  struct Port {
    var number: Int
    var unit: BalancingUnit
    var endpoints: EndpointSet
  }

  func port(_ number: Int) -> Port? {
    ports.first { $0.number == number }
  }

  /// Every authority that means this port: each name with it, and without it if it is the only one
  /// or HTTP's own.
  func domains(port: Int) -> [String] {
    let goesWithoutSaying = ports.count == 1 || port == 80
    return aliases.flatMap { goesWithoutSaying ? [$0, "\($0):\(port)"] : ["\($0):\(port)"] }
  }
}
