import FairleadManifests

/// The objects that a list or a watch is about.
package struct ResourceScope: Sendable, Hashable {
  package var kind: ManifestKind
  /// `nil` for all namespaces.
  package var namespace: String?
  package var labelSelector: String?
  package var fieldSelector: String?
  /// Names and labels are all that is wanted of the objects (`PartialObjectMetadata`).
  package var isMetadataOnly: Bool

  package init(
    _ kind: ManifestKind, namespace: String? = nil, labelSelector: String? = nil,
    fieldSelector: String? = nil, isMetadataOnly: Bool = false
  ) {
    self.kind = kind
    self.namespace = namespace
    self.labelSelector = labelSelector
    self.fieldSelector = fieldSelector
    self.isMetadataOnly = isMetadataOnly
  }

  func path(version: String) -> String {
    let base = kind.group.isEmpty ? "/api/\(version)" : "/apis/\(kind.group)/\(version)"
    let folder = namespace.map { "/namespaces/\(PercentEncoding.encode($0))" } ?? ""
    return base + folder + "/" + kind.plural
  }
}

extension ResourceScope: CustomStringConvertible {
  /// `endpointslices.discovery.k8s.io in namespace "shop"`.
  package var description: String {
    let name = kind.group.isEmpty ? kind.plural : "\(kind.plural).\(kind.group)"
    return name + (namespace.map { " in namespace \"\($0)\"" } ?? " in all namespaces")
  }
}

extension ManifestKind {
  /// Whether a cluster has the kind only if somebody installed it.
  var isCustomResource: Bool {
    switch self {
    case .service, .endpointSlice, .pod: false
    case .serviceEntry, .virtualService, .destinationRule: true
    }
  }

  /// The name in URLs and in RBAC rules.
  package var plural: String {
    switch self {
    case .service: "services"
    case .endpointSlice: "endpointslices"
    case .pod: "pods"
    case .serviceEntry: "serviceentries"
    case .virtualService: "virtualservices"
    case .destinationRule: "destinationrules"
    }
  }
}
