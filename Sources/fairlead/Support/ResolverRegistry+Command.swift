import FairleadDiscovery
import FairleadEtcd

extension ResolverRegistry {
  /// Every scheme that there is. etcd is reached as the variables of `etcdctl` say.
  static func command(environment: [String: String]) -> ResolverRegistry {
    var registry = ResolverRegistry.standard
    registry.registerEtcd(environment: environment)
    return registry
  }
}
