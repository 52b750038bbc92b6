/// Every object that is known, by kind, namespace and name. Files and, in a cluster, the API server
/// feed it; the ``Compiler`` reads it. A value: a copy is a consistent view.
package struct ObjectStore: Sendable, Hashable {
  package private(set) var services: [ObjectKey: Kubernetes.Service] = [:]
  package private(set) var endpointSlices: [ObjectKey: Kubernetes.EndpointSlice] = [:]
  package private(set) var pods: [ObjectKey: Kubernetes.Pod] = [:]
  package private(set) var serviceEntries: [ObjectKey: Istio.ServiceEntry] = [:]
  package private(set) var virtualServices: [ObjectKey: Istio.VirtualService] = [:]
  package private(set) var destinationRules: [ObjectKey: Istio.DestinationRule] = [:]

  package init() {}

  /// The objects in their order; of two with one key the last stays.
  package init(_ objects: some Sequence<ManifestObject>) {
    for object in objects {
      put(object)
    }
  }

  /// Adds an object or puts it in the place of the one with its key, which is returned.
  @discardableResult
  package mutating func put(_ object: ManifestObject) -> ManifestObject? {
    let key = object.metadata.key
    return switch object {
    case .service(let object):
      services.updateValue(object, forKey: key).map(ManifestObject.service)
    case .endpointSlice(let object):
      endpointSlices.updateValue(object, forKey: key).map(ManifestObject.endpointSlice)
    case .pod(let object):
      pods.updateValue(object, forKey: key).map(ManifestObject.pod)
    case .serviceEntry(let object):
      serviceEntries.updateValue(object, forKey: key).map(ManifestObject.serviceEntry)
    case .virtualService(let object):
      virtualServices.updateValue(object, forKey: key).map(ManifestObject.virtualService)
    case .destinationRule(let object):
      destinationRules.updateValue(object, forKey: key).map(ManifestObject.destinationRule)
    }
  }

  /// Takes an object out and returns it, if it is there.
  @discardableResult
  package mutating func remove(_ kind: ManifestKind, _ key: ObjectKey) -> ManifestObject? {
    switch kind {
    case .service: services.removeValue(forKey: key).map(ManifestObject.service)
    case .endpointSlice:
      endpointSlices.removeValue(forKey: key).map(ManifestObject.endpointSlice)
    case .pod: pods.removeValue(forKey: key).map(ManifestObject.pod)
    case .serviceEntry: serviceEntries.removeValue(forKey: key).map(ManifestObject.serviceEntry)
    case .virtualService:
      virtualServices.removeValue(forKey: key).map(ManifestObject.virtualService)
    case .destinationRule:
      destinationRules.removeValue(forKey: key).map(ManifestObject.destinationRule)
    }
  }

  /// The keys of all objects of a kind.
  package func keys(of kind: ManifestKind) -> [ObjectKey] {
    switch kind {
    case .service: Array(services.keys)
    case .endpointSlice: Array(endpointSlices.keys)
    case .pod: Array(pods.keys)
    case .serviceEntry: Array(serviceEntries.keys)
    case .virtualService: Array(virtualServices.keys)
    case .destinationRule: Array(destinationRules.keys)
    }
  }

  /// Puts these objects in the place of all of their kind, as after a new list; objects of other
  /// kinds are left out.
  package mutating func replaceAll(
    of kind: ManifestKind, with objects: some Sequence<ManifestObject>
  ) {
    switch kind {
    case .service: services = [:]
    case .endpointSlice: endpointSlices = [:]
    case .pod: pods = [:]
    case .serviceEntry: serviceEntries = [:]
    case .virtualService: virtualServices = [:]
    case .destinationRule: destinationRules = [:]
    }
    for object in objects where object.kind == kind {
      put(object)
    }
  }
}
