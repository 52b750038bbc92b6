import FairleadBalancing
import FairleadRouting

/// Every host that can be called, with its ports and their endpoints.
struct ServiceRegistry {
  /// By namespace, name and host.
  private(set) var services: [HostedService] = []
  private var indexByHost: [String: Int] = [:]
  private let options: CompileOptions

  init(store: ObjectStore, options: CompileOptions, findings: inout FindingList) {
    self.options = options
    let collector = EndpointCollector(store: store, options: options)
    for (_, service) in store.services.sorted(by: { $0.key < $1.key }) {
      add(
        Self.hosted(service, collector, options, &findings), at: service.metadata.origin, &findings)
    }
    let entries = store.serviceEntries.values.sorted { $0.metadata.precedes($1.metadata) }
    for entry in entries {
      for host in entry.hosts {
        add(Self.hosted(entry, host: host, &findings), at: host.origin, &findings)
      }
    }
    services.sort {
      ($0.identity.namespace, $0.identity.name, $0.identity.host)
        < ($1.identity.namespace, $1.identity.name, $1.identity.host)
    }
    indexByHost = Dictionary(
      uniqueKeysWithValues: services.enumerated().map { ($1.identity.host, $0) })
  }

  subscript(host: String) -> HostedService? {
    indexByHost[host].map { services[$0] }
  }

  /// Says that a rule's host is not known, and what its writer may have meant.
  func reportUnknown(_ host: Istio.Host, resolved: String, findings: inout FindingList) {
    var message = "no Service or ServiceEntry has the host \(quoted(resolved))"
    for suffix in [".svc.\(options.clusterDomain)", ".\(options.clusterDomain)"]
    where self[resolved + suffix] != nil {
      message =
        "\(quoted(host.text)) matches nothing, as only a name without a dot is expanded; "
        + "write \(quoted(resolved + suffix))"
    }
    findings.add(.warning, .unknownHost, message, at: host.origin)
  }

  private mutating func add(
    _ service: HostedService, at origin: Origin, _ findings: inout FindingList
  ) {
    guard indexByHost[service.identity.host] == nil else {
      findings.add(
        .warning, .duplicateHost,
        "the host \(quoted(service.identity.host)) is there already and this one is not used",
        at: origin)
      return
    }
    indexByHost[service.identity.host] = services.count
    services.append(service)
  }

  // MARK: Services

  private static func hosted(
    _ service: Kubernetes.Service, _ collector: EndpointCollector, _ options: CompileOptions,
    _ findings: inout FindingList
  ) -> HostedService {
    let (name, namespace) = (service.metadata.name, service.metadata.namespace)
    let host = HostName.full(
      name: name, namespace: namespace, clusterDomain: options.clusterDomain)
    var aliases = ["\(name).\(namespace)", "\(name).\(namespace).svc", host]
    if namespace == options.clientNamespace { aliases.insert(name, at: 0) }
    let ports = service.ports.map { port in
      HostedService.Port(
        number: port.port, alias: directPort(port, of: service),
        unit: service.balancing.unit(appProtocol: port.appProtocol),
        endpoints: collector.endpoints(of: service, port: port, findings: &findings))
    }
    if !ports.isEmpty, ports.allSatisfy(\.endpoints.isEmpty) {
      findings.add(
        .warning, .noEndpoints,
        "Service \(quoted(service.metadata.key.description)) has no endpoints: "
          + reason(service, collector), at: service.metadata.origin)
    }
    return HostedService(
      identity: ServiceIdentity(host: host, name: name, namespace: namespace), aliases: aliases,
      ports: ports, origin: service.metadata.origin)
  }

  /// Clients of a headless Service resolve its name to pods and so call the pods' own port.
  private static func directPort(
    _ port: Kubernetes.Service.Port, of service: Kubernetes.Service
  ) -> Int? {
    guard service.isHeadless, case .number(let number) = port.targetPort else { return nil }
    return service.ports.contains { $0.port == number } ? nil : number
  }

  private static func reason(
    _ service: Kubernetes.Service, _ collector: EndpointCollector
  ) -> String {
    if collector.hasSlices(service) { return "its EndpointSlices have none that is ready" }
    if service.selector.isEmpty { return "it has neither a selector nor EndpointSlices" }
    if collector.selected(by: service).isEmpty { return "its selector matches no pod" }
    return "none of the pods that its selector matches can be called"
  }

  // MARK: ServiceEntries

  private static func hosted(
    _ entry: Istio.ServiceEntry, host: Istio.Host, _ findings: inout FindingList
  ) -> HostedService {
    let name = host.text.lowercased()
    let ports = entry.ports.map { port in
      HostedService.Port(
        number: port.number, unit: entry.balancing.unit(appProtocol: port.protocolName),
        endpoints: endpoints(of: entry, port: port, &findings))
    }
    return HostedService(
      identity: ServiceIdentity(
        host: name, name: entry.metadata.name, namespace: entry.metadata.namespace),
      aliases: [name], ports: ports, origin: entry.metadata.origin)
  }

  private static func endpoints(
    of entry: Istio.ServiceEntry, port: Istio.ServiceEntry.Port, _ findings: inout FindingList
  ) -> EndpointSet {
    let endpoints: [Endpoint] = entry.endpoints.map { endpoint in
      let address: EndpointAddress =
        switch endpoint.address {
        case .ip(let host):
          .ip(host: host, port: endpoint.ports[port.name] ?? port.targetPort ?? port.number)
        case .unix(let path):
          .unix(path: path)
        }
      return Endpoint(
        address: address, weight: endpoint.weight, locality: endpoint.locality,
        labels: endpoint.labels)
    }
    var seen = Set<EndpointAddress>()
    for endpoint in endpoints where !seen.insert(endpoint.address).inserted {
      findings.add(
        .warning, .duplicateEndpoint,
        "the endpoint \(endpoint.address) is there twice for port \(port.number); the first is used",
        at: port.origin)
    }
    return EndpointSet(endpoints.sorted { $0.address.description < $1.address.description })
  }
}
