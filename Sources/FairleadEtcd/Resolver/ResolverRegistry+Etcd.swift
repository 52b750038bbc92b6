import FairleadDiscovery

extension ResolverRegistry {
  /// Adds the scheme `etcd`: `etcd://HOST:PORT[,HOST:PORT…]/PREFIX`, or `etcd:///PREFIX` with the servers
  /// of the options. The endpoints are the values of all keys under `PREFIX/`.
  public mutating func registerEtcd(_ options: EtcdOptions = EtcdOptions()) {
    register("etcd") { (target, discovery) throws(ResolutionFailure) in
      try source(target, options, discovery)
    }
  }

  /// The same with the options that the variables of `etcdctl` say. What is wrong with them is said of
  /// each target of the scheme, and of no other.
  public mutating func registerEtcd(environment: [String: String]) {
    register("etcd") { (target, discovery) throws(ResolutionFailure) in
      try source(target, EtcdOptions(environment: environment), discovery)
    }
  }
}

private func source(
  _ target: Target, _ options: EtcdOptions, _ discovery: DiscoveryOptions
) throws(ResolutionFailure) -> EtcdSource {
  EtcdSource(
    target: try EtcdTarget(target, options), options: options, discovery: discovery)
}
