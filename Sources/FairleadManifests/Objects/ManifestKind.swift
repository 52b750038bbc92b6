/// A kind of object that is read, by its name in manifests.
package enum ManifestKind: String, Sendable, Hashable, CaseIterable {
  case service = "Service"
  case endpointSlice = "EndpointSlice"
  case pod = "Pod"
  case serviceEntry = "ServiceEntry"
  case virtualService = "VirtualService"
  case destinationRule = "DestinationRule"

  /// The API group; empty for Kubernetes' core.
  package var group: String {
    switch self {
    case .service, .pod: ""
    case .endpointSlice: "discovery.k8s.io"
    case .serviceEntry, .virtualService, .destinationRule: "networking.istio.io"
    }
  }

  /// The versions of the group whose fields are known.
  package var versions: [String] {
    switch self {
    case .service, .pod, .endpointSlice: ["v1"]
    case .serviceEntry, .virtualService, .destinationRule: ["v1", "v1beta1", "v1alpha3"]
    }
  }
}
