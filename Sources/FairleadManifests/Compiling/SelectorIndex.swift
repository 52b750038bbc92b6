/// Finds Services by one label of their selectors: the one that the fewest other selectors have, so that a label which all
/// have, as one of an installer, does not lead to all.
struct SelectorIndex: Sendable {
  private var labelByService: [ObjectKey: NamespacedLabel] = [:]
  private var servicesByLabel: [NamespacedLabel: [ObjectKey]] = [:]

  /// - Parameter services: those that get their endpoints elsewhere are left out, and so are those without a selector.
  init(services: [ObjectKey: Kubernetes.Service]) {
    let selecting = services.filter { !$0.value.selector.isEmpty && $0.value.target == nil }
    var uses: [NamespacedLabel: Int] = [:]
    for service in selecting.values {
      for label in Self.labels(of: service) {
        uses[label, default: 0] += 1
      }
    }
    for (key, service) in selecting {
      let label = Self.labels(of: service).min {
        (uses[$0] ?? 0, $0.key) < (uses[$1] ?? 0, $1.key)
      }
      guard let label else { continue }
      labelByService[key] = label
      servicesByLabel[label, default: []].append(key)
    }
  }

  var isEmpty: Bool { labelByService.isEmpty }

  /// Those that select pods.
  var services: some Sequence<ObjectKey> { labelByService.keys }

  func label(of service: ObjectKey) -> NamespacedLabel? { labelByService[service] }

  func services(with label: NamespacedLabel) -> [ObjectKey] { servicesByLabel[label] ?? [] }

  private static func labels(of service: Kubernetes.Service) -> [NamespacedLabel] {
    service.selector.map {
      NamespacedLabel(namespace: service.metadata.namespace, key: $0.key, value: $0.value)
    }
  }
}

/// A label of the pods of one namespace.
struct NamespacedLabel: Hashable, Sendable {
  var namespace: String
  var key: String
  var value: String
}
