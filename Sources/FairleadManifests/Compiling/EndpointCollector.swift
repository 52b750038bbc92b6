import FairleadBalancing

/// Finds the endpoints of a service: for a Kubernetes Service from its EndpointSlices, or, where there are none, from the pods
/// that its selector matches, as the cluster's own controller would; else from its ServiceEntry; and for either from what
/// resolvers answered for its targets.
///
/// Made for one compilation: it holds on to the store.
struct EndpointCollector {
  let store: ObjectStore
  let index: EndpointIndex
  /// What resolvers have answered, by target.
  let answers: [String: EndpointSet]
  let options: CompileOptions

  /// By port, in the order of the service's.
  func endpoints(
    of service: HostedService, findings: inout FindingList
  ) -> [PortEndpoints] {
    if let target = service.target {
      let answer = answers[target]
      let endpoints = PortEndpoints(
        endpoints: Self.sorted(answer?.endpoints ?? []), targets: [target],
        isComplete: answer != nil)
      return service.ports.map { _ in endpoints }
    }
    switch service.source {
    case .service(let object):
      return endpoints(of: object, findings: &findings).map { PortEndpoints(endpoints: $0) }
    case .entry(let entry):
      return entry.ports.map { endpoints(of: entry, host: service.identity.host, port: $0) }
    }
  }

  /// By name and address.
  static func sorted(_ endpoints: [Endpoint]) -> EndpointSet {
    EndpointSet(
      endpoints.sorted {
        if $0.name != $1.name { return $0.name < $1.name }
        return $0.address.description < $1.address.description
      })
  }

  // MARK: Services

  private func endpoints(
    of service: Kubernetes.Service, findings: inout FindingList
  ) -> [EndpointSet] {
    guard index.hasSlices(service.metadata.key) else {
      let pods = selected(by: service)
      return service.ports.map { port in
        let endpoints = endpoints(among: pods, service, port, &findings)
        reportDuplicates(endpoints.map(\.endpoint), of: service, &findings)
        return chosen(endpoints)
      }
    }
    let union = union(of: service.metadata.key)
    return service.ports.map { chosen(union.endpoints(portName: $0.name)) }
  }

  private func chosen(_ endpoints: [SliceEndpoint]) -> EndpointSet {
    SliceEndpoint.chosen(among: endpoints, zone: options.zone, nodeName: options.nodeName)
  }

  private func union(of service: ObjectKey) -> SliceUnion {
    let slices = index.slices(of: service).compactMap { store.endpointSlices[$0] }
    var traits: [String: SliceUnion.PodTraits] = [:]
    for slice in slices {
      for endpoint in slice.endpoints {
        guard let name = endpoint.podName else { continue }
        let key = ObjectKey(namespace: slice.metadata.namespace, name: name)
        traits[name] = store.pods[key].map(SliceUnion.PodTraits.init)
      }
    }
    return SliceUnion(slices, pods: traits)
  }

  /// The pods that are endpoints by the selector, by name; an empty selector selects none.
  func selected(by service: Kubernetes.Service) -> [Kubernetes.Pod] {
    index.candidates(for: service.metadata.key)
      .compactMap { store.pods[$0] }
      .filter { !$0.hasEnded && Labels.match(service.selector, $0.metadata.labels) }
      .sorted { $0.metadata.name < $1.metadata.name }
  }

  private func endpoints(
    among pods: [Kubernetes.Pod], _ service: Kubernetes.Service, _ port: Kubernetes.Service.Port,
    _ findings: inout FindingList
  ) -> [SliceEndpoint] {
    var result: [SliceEndpoint] = []
    for pod in pods {
      guard let address = pod.address else {
        findings.add(
          .info, .unusablePod,
          "pod \(quoted(pod.metadata.name)) has no `status.podIP` yet and gets no calls",
          at: pod.metadata.origin)
        continue
      }
      guard let number = Self.number(of: port.targetPort, in: pod) else {
        findings.add(
          .info, .unusablePod,
          "pod \(quoted(pod.metadata.name)) has no container port of the name that port "
            + "\(port.port) of Service \(quoted(service.metadata.key.description)) targets",
          at: pod.metadata.origin)
        continue
      }
      var conditions = pod.conditions
      if service.publishesNotReadyAddresses { conditions.isReady = true }
      let labels = pod.metadata.labels
      let endpoint = Endpoint(
        address: .ip(host: address, port: number), name: pod.metadata.name, weight: pod.weight,
        locality: Labels.locality(labels, zone: nil), labels: labels)
      result.append(
        SliceEndpoint(endpoint: endpoint, conditions: conditions, podName: pod.metadata.name))
    }
    return result
  }

  private static func number(
    of target: Kubernetes.Service.TargetPort, in pod: Kubernetes.Pod
  ) -> Int? {
    switch target {
    case .number(let number): number
    case .name(let name): pod.ports.first { $0.name == name }?.port
    }
  }

  /// On a laptop pods share an address, and a number as the target port then means one of them.
  private func reportDuplicates(
    _ endpoints: [Endpoint], of service: Kubernetes.Service, _ findings: inout FindingList
  ) {
    var first: [EndpointAddress: String] = [:]
    for endpoint in endpoints {
      guard let name = first.updateValue(endpoint.name, forKey: endpoint.address) else { continue }
      first[endpoint.address] = name
      let key = ObjectKey(namespace: service.metadata.namespace, name: endpoint.name)
      findings.add(
        .warning, .duplicateEndpoint,
        "pod \(quoted(endpoint.name)) has the address \(endpoint.address) of pod \(quoted(name)) and "
          + "gets no calls; give each a port of its own and target it by name",
        at: store.pods[key]?.metadata.origin ?? service.metadata.origin)
    }
  }
}
