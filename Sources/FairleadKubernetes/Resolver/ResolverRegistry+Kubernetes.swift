import FairleadDiscovery

extension ResolverRegistry {
  /// Adds the scheme `kubernetes`: `kubernetes:///service[.namespace[.svc[.domain]]][:port]`, the port by number or
  /// name. Nothing is read before a target of the scheme is resolved.
  package mutating func registerKubernetes(_ client: KubernetesClient) {
    register("kubernetes") { (target, _) throws(ResolutionFailure) in
      ServiceEndpoints(target: try KubernetesTarget(target), client: client)
    }
  }
}
