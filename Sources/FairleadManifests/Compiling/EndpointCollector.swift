import FairleadBalancing

/// Finds the endpoints of a Kubernetes Service: from its EndpointSlices, or, where there are none,
/// from the pods that its selector matches, as the cluster's own controller would.
struct EndpointCollector {
  private let pods: [ObjectKey: Kubernetes.Pod]
  private let podsByLabel: [NamespacedLabel: [Kubernetes.Pod]]
  private let slicesByService: [ObjectKey: [Kubernetes.EndpointSlice]]
  private let options: CompileOptions

  init(store: ObjectStore, options: CompileOptions) {
    self.options = options
    pods = store.pods
    podsByLabel = Self.index(store.pods)
    var slices: [ObjectKey: [Kubernetes.EndpointSlice]] = [:]
    for slice in store.endpointSlices.values {
      guard let service = slice.serviceName else { continue }
      slices[ObjectKey(namespace: slice.metadata.namespace, name: service), default: []]
        .append(slice)
    }
    slicesByService = slices
  }

  /// The endpoints of one port, by pod name and address.
  func endpoints(
    of service: Kubernetes.Service, port: Kubernetes.Service.Port, findings: inout FindingList
  ) -> EndpointSet {
    if let slices = slicesByService[service.metadata.key] {
      return chosen(union(slices).endpoints(portName: port.name))
    }
    let set = candidates(among: selected(by: service), service, port, &findings)
    reportDuplicates(set.map(\.endpoint), of: service, &findings)
    return chosen(set)
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
        at: pods[key]?.metadata.origin ?? service.metadata.origin)
    }
  }

  /// The pods that are endpoints by the selector, by name; an empty selector selects none.
  func selected(by service: Kubernetes.Service) -> [Kubernetes.Pod] {
    let candidates = service.selector.map { key, value in
      let label = NamespacedLabel(
        namespace: service.metadata.namespace, key: key, value: value)
      return podsByLabel[label] ?? []
    }
    let fewest = candidates.min { $0.count < $1.count } ?? []
    return fewest.filter {
      !$0.hasEnded && Labels.match(service.selector, $0.metadata.labels)
    }
  }

  func hasSlices(_ service: Kubernetes.Service) -> Bool {
    slicesByService[service.metadata.key] != nil
  }

  /// With thousands of Services each looking at thousands of pods, looking at all is too slow.
  private struct NamespacedLabel: Hashable {
    var namespace: String
    var key: String
    var value: String
  }

  private static func index(
    _ pods: [ObjectKey: Kubernetes.Pod]
  ) -> [NamespacedLabel: [Kubernetes.Pod]] {
    var result: [NamespacedLabel: [Kubernetes.Pod]] = [:]
    for (_, pod) in pods.sorted(by: { $0.key < $1.key }) {
      for (key, value) in pod.metadata.labels {
        let label = NamespacedLabel(
          namespace: pod.metadata.namespace, key: key, value: value)
        result[label, default: []].append(pod)
      }
    }
    return result
  }

  // MARK: Candidates

  private func chosen(_ endpoints: [SliceEndpoint]) -> EndpointSet {
    SliceEndpoint.chosen(among: endpoints, zone: options.zone, nodeName: options.nodeName)
  }

  private func union(_ slices: [Kubernetes.EndpointSlice]) -> SliceUnion {
    var traits: [String: SliceUnion.PodTraits] = [:]
    for slice in slices {
      for case let name? in slice.endpoints.map(\.podName) {
        let key = ObjectKey(namespace: slice.metadata.namespace, name: name)
        traits[name] = pods[key].map(SliceUnion.PodTraits.init)
      }
    }
    return SliceUnion(slices, pods: traits)
  }

  private func candidates(
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
}
