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

  /// The same, for who only wants to know whether targets are well-formed.
  static func unconnected(environment: [String: String]) -> ResolverRegistry {
    let options = KubernetesOptions(seed: 0, wallClock: { WallClock.system.now })
    let client = KubernetesClient(
      CredentialSelection(environment: environment), options: options)
    return command(kubernetes: client, environment: environment)
  }
}
