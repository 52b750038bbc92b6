import FairleadBalancing

extension EndpointCollector {
  /// The endpoints of one port of a ServiceEntry: those that it names by address, and what its host names resolve to.
  func endpoints(
    of entry: Istio.ServiceEntry, host: String, port: Istio.ServiceEntry.Port
  ) -> PortEndpoints {
    var result: [Endpoint] = []
    var targets: [String] = []
    var isComplete = true
    for source in entry.sources(host: host, port: port) {
      switch source {
      case .endpoint(let endpoint):
        result.append(endpoint)
      case .target(let target, let traits):
        targets.append(target)
        guard let answer = answers[target] else {
          isComplete = false
          continue
        }
        result += answer.endpoints.map { traits.map($0.marked(by:)) ?? $0 }
      }
    }
    return PortEndpoints(
      endpoints: EndpointSet(result.sorted { $0.address.description < $1.address.description }),
      targets: Set(targets).sorted(), isComplete: isComplete)
  }
}

extension Istio.ServiceEntry {
  /// Where endpoints of a port come from.
  enum EndpointSource {
    case endpoint(FairleadBalancing.Endpoint)
    /// What a target resolves to, each with the weight, labels and locality of the entry's endpoint, if it has one.
    case target(String, Endpoint?)
  }

  /// In the order of the entry. One with `resolution: DNS` that lists no endpoints means its hosts' own names.
  func sources(host: String, port: Port) -> [EndpointSource] {
    if endpoints.isEmpty, resolution == .dns {
      return [.target(Self.dnsTarget(host, port.targetPort ?? port.number), nil)]
    }
    return endpoints.map { endpoint in
      let number = endpoint.ports[port.name] ?? port.targetPort ?? port.number
      return switch endpoint.address {
      case .ip(let host): .endpoint(Self.endpoint(.ip(host: host, port: number), endpoint))
      case .unix(let path): .endpoint(Self.endpoint(.unix(path: path), endpoint))
      case .name(let name): .target(Self.dnsTarget(name, number), endpoint)
      }
    }
  }

  private static func endpoint(
    _ address: EndpointAddress, _ traits: Endpoint
  ) -> FairleadBalancing.Endpoint {
    FairleadBalancing.Endpoint(
      address: address, weight: traits.weight, locality: traits.locality, labels: traits.labels)
  }

  private static func dnsTarget(_ host: String, _ port: Int) -> String {
    "dns:///\(host.lowercased()):\(port)"
  }
}

extension Endpoint {
  /// With what a ServiceEntry says of the name that it was resolved from.
  fileprivate func marked(by traits: Istio.ServiceEntry.Endpoint) -> Endpoint {
    var endpoint = self
    endpoint.weight = traits.weight
    endpoint.locality = traits.locality ?? locality
    endpoint.labels.merge(traits.labels) { _, written in written }
    return endpoint
  }
}
