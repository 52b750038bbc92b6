import FairleadDiscovery

extension ResolverRegistry {
  /// Adds the scheme `kubernetes`: `kubernetes:///service[.namespace[.svc[.domain]]][:port]`, the port
  /// by number or name. The endpoints are those of the Service's EndpointSlices, told as they change.
  ///
  /// ```swift
  /// var resolvers = ResolverRegistry.standard
  /// try resolvers.registerKubernetes()
  /// let transport = try BalancedTransport(
  ///   target: "kubernetes:///greeter.shop:grpc", security: .plaintext, resolvers: resolvers)
  /// ```
  ///
  /// Reads the credentials, so that it is known at once if there are none; connects when a target is
  /// resolved. What goes wrong later is told by the resolver, which tries again.
  ///
  /// - Throws: `denied`, if there are no credentials or they cannot be used; the scheme is not added
  ///   then.
  public mutating func registerKubernetes(
    _ options: KubernetesResolverOptions = KubernetesResolverOptions()
  ) throws(ResolutionFailure) {
    let client = options.client
    do throws(KubernetesFailure) {
      _ = try client.access()
    } catch {
      throw ResolutionFailure(.denied, error.message)
    }
    registerKubernetes(client)
  }

  /// Adds the scheme with a client that others use, too. Nothing is read before a target of the scheme
  /// is resolved.
  package mutating func registerKubernetes(_ client: KubernetesClient) {
    register("kubernetes") { (target, _) throws(ResolutionFailure) in
      ServiceEndpoints(target: try KubernetesTarget(target), client: client)
    }
  }
}
