/// An object of a kind that decides where calls go.
package enum ManifestObject: Sendable, Hashable {
  case service(Kubernetes.Service)
  case endpointSlice(Kubernetes.EndpointSlice)
  case pod(Kubernetes.Pod)
  case serviceEntry(Istio.ServiceEntry)
  case virtualService(Istio.VirtualService)
  case destinationRule(Istio.DestinationRule)

  package var metadata: ObjectMetadata {
    switch self {
    case .service(let object): object.metadata
    case .endpointSlice(let object): object.metadata
    case .pod(let object): object.metadata
    case .serviceEntry(let object): object.metadata
    case .virtualService(let object): object.metadata
    case .destinationRule(let object): object.metadata
    }
  }

  package var kind: ManifestKind {
    switch self {
    case .service: .service
    case .endpointSlice: .endpointSlice
    case .pod: .pod
    case .serviceEntry: .serviceEntry
    case .virtualService: .virtualService
    case .destinationRule: .destinationRule
    }
  }
}
