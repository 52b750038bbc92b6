import FairleadBalancing
import FairleadRouting

/// Every host that can be called, with its ports.
struct ServiceRegistry {
  /// By namespace, name and host.
  private(set) var services: [HostedService] = []
  private var indexByHost: [String: Int] = [:]
  private let options: CompileOptions

  init(store: ObjectStore, options: CompileOptions, findings: inout FindingList) {
    self.options = options
    for (_, service) in store.services.sorted(by: { $0.key < $1.key }) {
      add(Self.hosted(service, options), at: service.metadata.origin, &findings)
    }
    let entries = store.serviceEntries.values.sorted { $0.metadata.precedes($1.metadata) }
    for entry in entries {
      Self.reportDuplicates(in: entry, &findings)
      for host in entry.hosts {
        add(Self.hosted(entry, host: host), at: host.origin, &findings)
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
    _ service: Kubernetes.Service, _ options: CompileOptions
  ) -> HostedService {
    let (name, namespace) = (service.metadata.name, service.metadata.namespace)
    let host = HostName.full(
      name: name, namespace: namespace, clusterDomain: options.clusterDomain)
    var aliases = ["\(name).\(namespace)", "\(name).\(namespace).svc", host]
    if namespace == options.clientNamespace { aliases.insert(name, at: 0) }
    let ports = service.ports.map { port in
      HostedService.Port(
        number: port.port, alias: directPort(port, of: service),
        unit: service.balancing.unit(appProtocol: port.appProtocol))
    }
    return HostedService(
      identity: ServiceIdentity(host: host, name: name, namespace: namespace), aliases: aliases,
      ports: ports, source: .service(service), origin: service.metadata.origin)
  }

  /// Clients of a headless Service resolve its name to pods and so call the pods' own port.
  private static func directPort(
    _ port: Kubernetes.Service.Port, of service: Kubernetes.Service
  ) -> Int? {
    guard service.isHeadless, case .number(let number) = port.targetPort else { return nil }
    return service.ports.contains { $0.port == number } ? nil : number
  }

  // MARK: ServiceEntries

  private static func hosted(
    _ entry: Istio.ServiceEntry, host: Istio.Host
  ) -> HostedService {
    let name = host.text.lowercased()
    let ports = entry.ports.map { port in
      HostedService.Port(
        number: port.number, unit: entry.balancing.unit(appProtocol: port.protocolName))
    }
    return HostedService(
      identity: ServiceIdentity(
        host: name, name: entry.metadata.name, namespace: entry.metadata.namespace),
      aliases: [name], ports: ports, source: .entry(entry), origin: entry.metadata.origin)
  }

  private static func reportDuplicates(
    in entry: Istio.ServiceEntry, _ findings: inout FindingList
  ) {
    guard entry.target == nil, let host = entry.hosts.first else { return }
    for port in entry.ports {
      var seen = Set<String>()
      for source in entry.sources(host: host.text, port: port) {
        let name =
          switch source {
          case .endpoint(let endpoint): endpoint.address.description
          case .target(let target, _): target
          }
        guard !seen.insert(name).inserted else { continue }
        findings.add(
          .warning, .duplicateEndpoint,
          "the endpoint \(printable(name)) is there twice for port \(port.number); the first is used",
          at: port.origin)
      }
    }
  }
}
