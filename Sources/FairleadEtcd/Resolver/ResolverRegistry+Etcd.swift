import FairleadDiscovery

extension ResolverRegistry {
  /// Adds the scheme `etcd`: `etcd://HOST:PORT[,HOST:PORT…]/PREFIX`, or `etcd:///PREFIX` with the servers
  /// of the options. The endpoints are the values of all keys under `PREFIX/`.
  public mutating func registerEtcd(_ options: EtcdOptions = EtcdOptions()) {
    register("etcd") { (target, discovery) throws(ResolutionFailure) in
      EtcdSource(
        target: try EtcdTarget(target, options), options: options, discovery: discovery)
    }
  }
}
