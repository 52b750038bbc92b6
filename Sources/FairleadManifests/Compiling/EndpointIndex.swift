/// Finds what EndpointSlices and Pods have to do with which Service, without looking at all of them.
struct EndpointIndex: Sendable {
  private var slicesByService: [ObjectKey: Set<ObjectKey>] = [:]
  /// The Services whose slices name a pod, once for each time that they do.
  private var servicesByPod: [ObjectKey: [ObjectKey]] = [:]
  private var selectors: SelectorIndex
  /// Pods by those labels that `selectors` looks for. `nil` until a Service with a selector has no slices: in a cluster each
  /// has, and the pods need not be looked at.
  private var podsByLabel: [NamespacedLabel: Set<ObjectKey>]?

  /// Of an empty store.
  init() {
    selectors = SelectorIndex(services: [:])
  }

  init(store: ObjectStore) {
    selectors = SelectorIndex(services: store.services)
    for slice in store.endpointSlices.values {
      insert(slice)
    }
    indexPodsIfNeeded(of: store)
  }

  // MARK: Questions

  /// The slices of a Service; empty if it has none.
  func slices(of service: ObjectKey) -> Set<ObjectKey> { slicesByService[service] ?? [] }

  func hasSlices(_ service: ObjectKey) -> Bool { slicesByService[service] != nil }

  /// Pods among which all are that the selector of a Service without slices matches.
  func candidates(for service: ObjectKey) -> Set<ObjectKey> {
    selectors.label(of: service).flatMap { podsByLabel?[$0] } ?? []
  }

  /// The Services whose slices name a pod; one may be there more than once.
  func services(naming pod: ObjectKey) -> [ObjectKey] { servicesByPod[pod] ?? [] }

  /// The Services without slices whose selectors may match a pod.
  func services(selecting pod: Kubernetes.Pod) -> [ObjectKey] {
    labels(of: pod).flatMap(selectors.services(with:)).filter { !hasSlices($0) }
  }

  // MARK: Changes

  /// Takes in that Services have changed.
  mutating func updateSelectors(from store: ObjectStore) {
    selectors = SelectorIndex(services: store.services)
    podsByLabel = nil
    indexPodsIfNeeded(of: store)
  }

  mutating func insert(_ slice: Kubernetes.EndpointSlice) {
    guard let service = slice.service else { return }
    slicesByService[service, default: []].insert(slice.metadata.key)
    for pod in slice.podKeys {
      servicesByPod[pod, default: []].append(service)
    }
  }

  /// - Parameter store: without the slice.
  mutating func remove(_ slice: Kubernetes.EndpointSlice, store: ObjectStore) {
    guard let service = slice.service else { return }
    slicesByService[service]?.remove(slice.metadata.key)
    if slicesByService[service]?.isEmpty == true {
      slicesByService[service] = nil
      if podsByLabel == nil, selectors.label(of: service) != nil { indexPods(of: store) }
    }
    for pod in slice.podKeys {
      guard let index = servicesByPod[pod]?.firstIndex(of: service) else { continue }
      servicesByPod[pod]?.remove(at: index)
      if servicesByPod[pod]?.isEmpty == true { servicesByPod[pod] = nil }
    }
  }

  mutating func insert(_ pod: Kubernetes.Pod) {
    guard podsByLabel != nil else { return }
    for label in labels(of: pod) {
      podsByLabel?[label, default: []].insert(pod.metadata.key)
    }
  }

  mutating func remove(_ pod: Kubernetes.Pod) {
    guard podsByLabel != nil else { return }
    for label in labels(of: pod) {
      podsByLabel?[label]?.remove(pod.metadata.key)
      if podsByLabel?[label]?.isEmpty == true { podsByLabel?[label] = nil }
    }
  }

  private mutating func indexPodsIfNeeded(of store: ObjectStore) {
    guard selectors.services.contains(where: { !hasSlices($0) }) else { return }
    indexPods(of: store)
  }

  private mutating func indexPods(of store: ObjectStore) {
    podsByLabel = [:]
    for pod in store.pods.values {
      insert(pod)
    }
  }

  /// Those labels of a pod that a selector is found by.
  private func labels(of pod: Kubernetes.Pod) -> [NamespacedLabel] {
    guard !selectors.isEmpty else { return [] }
    return pod.metadata.labels.compactMap { key, value in
      let label = NamespacedLabel(namespace: pod.metadata.namespace, key: key, value: value)
      return selectors.services(with: label).isEmpty ? nil : label
    }
  }
}

extension Kubernetes.EndpointSlice {
  /// The Service that it belongs to, if any.
  var service: ObjectKey? {
    serviceName.map { ObjectKey(namespace: metadata.namespace, name: $0) }
  }

  /// The pods behind its endpoints.
  fileprivate var podKeys: [ObjectKey] {
    endpoints.compactMap(\.podName).map {
      ObjectKey(namespace: metadata.namespace, name: $0)
    }
  }
}
