import FairleadBalancing
import FairleadDiscovery
import FairleadEtcd
import FairleadTestSupport

/// Options with which tests do not wait.
func quickDiscovery() -> DiscoveryOptions {
  var options = DiscoveryOptions(seed: 1)
  options.resolver.minimumHintInterval = .milliseconds(20)
  return options
}

func quickEtcd() -> EtcdOptions {
  var options = EtcdOptions()
  options.backoff = Backoff(initial: .milliseconds(20), maximum: .milliseconds(100))
  return options
}

/// A resolver for an `etcd:` target.
func etcdResolver(_ target: String, _ options: EtcdOptions = quickEtcd()) throws -> Resolver {
  var registry = ResolverRegistry.standard
  registry.registerEtcd(options)
  return try registry.resolver(for: registry.target(target), options: quickDiscovery())
}

/// Runs a resolver during `body`.
func running<Result>(
  _ resolver: Resolver, _ body: () async throws -> Result
) async throws -> Result {
  try await withThrowingTaskGroup(of: Void.self) { group in
    group.addTask { await resolver.run() }
    defer { group.cancelAll() }
    return try await body()
  }
}

/// The first resolution that is as wanted; the last known one if none comes.
func resolution(
  of resolver: Resolver, where isWanted: (Resolution) -> Bool
) async -> Resolution? {
  _ = await eventually { resolver.current.map(isWanted) ?? false }
  return resolver.current
}

extension Resolution {
  /// The endpoints' addresses as texts, in order.
  var addresses: [String] { endpoints.map(\.endpoint.address.description) }
}
