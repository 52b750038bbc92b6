/// For whom a configuration is compiled.
package struct CompileOptions: Sendable, Hashable {
  /// The namespace of the clients: a service is known by its bare name only there, as in
  /// Kubernetes' DNS.
  package var clientNamespace: String
  /// The last part of every service's full name.
  package var clusterDomain: String
  /// Where DestinationRules for the whole mesh are (Istio's root namespace).
  package var rootNamespace: String

  package init(
    clientNamespace: String = "default", clusterDomain: String = "cluster.local",
    rootNamespace: String = "istio-system"
  ) {
    self.clientNamespace = clientNamespace
    self.clusterDomain = clusterDomain
    self.rootNamespace = rootNamespace
  }
}
