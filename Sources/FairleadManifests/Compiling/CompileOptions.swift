/// For whom a configuration is compiled.
package struct CompileOptions: Sendable, Hashable {
  /// The namespace of the clients: a service is known by its bare name only there, as in
  /// Kubernetes' DNS.
  package var clientNamespace: String
  /// The last part of every service's full name.
  package var clusterDomain: String
  /// Where DestinationRules for the whole mesh are (Istio's root namespace).
  package var rootNamespace: String
  /// The clients' zone, for the hints of EndpointSlices; `nil` if it is not known.
  package var zone: String?
  /// The clients' node, for the hints of EndpointSlices; `nil` if it is not known.
  package var nodeName: String?

  package init(
    clientNamespace: String = "default", clusterDomain: String = "cluster.local",
    rootNamespace: String = "istio-system", zone: String? = nil, nodeName: String? = nil
  ) {
    self.clientNamespace = clientNamespace
    self.clusterDomain = clusterDomain
    self.rootNamespace = rootNamespace
    self.zone = zone
    self.nodeName = nodeName
  }
}
