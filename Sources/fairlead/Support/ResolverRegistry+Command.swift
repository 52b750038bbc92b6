import FairleadDiscovery
import FairleadEtcd
import FairleadKubernetes

extension ResolverRegistry {
  /// Every scheme that there is. etcd is reached as the variables of `etcdctl` say.
  static func command(
    kubernetes client: KubernetesClient, environment: [String: String]
  ) -> ResolverRegistry {
    var registry = ResolverRegistry.standard
    registry.registerEtcd(environment: environment)
    registry.registerKubernetes(client)
    return registry
  }
}
