extension ObjectStore {
  /// All objects of a kind, in no particular order.
  package func objects(of kind: ManifestKind) -> [ManifestObject] {
    switch kind {
    case .service: services.values.map(ManifestObject.service)
    case .endpointSlice: endpointSlices.values.map(ManifestObject.endpointSlice)
    case .pod: pods.values.map(ManifestObject.pod)
    case .serviceEntry: serviceEntries.values.map(ManifestObject.serviceEntry)
    case .virtualService: virtualServices.values.map(ManifestObject.virtualService)
    case .destinationRule: destinationRules.values.map(ManifestObject.destinationRule)
    }
  }
}
