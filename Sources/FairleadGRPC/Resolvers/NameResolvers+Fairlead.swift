import FairleadBalancing
import FairleadDiscovery
import GRPCCore
import GRPCNIOTransportHTTP2Posix

extension ResolvableTargets {
  /// A target in gRPC's syntax, for a transport of grpc-swift: `dns:///greeter:80`,
  /// `kubernetes:///greeter.default:grpc`, `etcd:///services/greeter`.
  public struct Fairlead: ResolvableTarget, Sendable, Hashable {
    /// `scheme:///name`; `dns` if there is no scheme.
    public var target: String

    /// - Parameter target: `scheme:///name`.
    public init(target: String) {
      self.target = target
    }
  }
}

extension ResolvableTarget where Self == ResolvableTargets.Fairlead {
  /// A target that Fairlead resolves: `.fairlead("dns:///greeter:80")`.
  public static func fairlead(_ target: String) -> Self {
    ResolvableTargets.Fairlead(target: target)
  }
}

extension NameResolvers {
  /// Fairlead's resolvers for who keeps a transport of grpc-swift: one endpoint for each address, so
  /// that its `round_robin` spreads calls, and each change as it comes.
  ///
  /// ```swift
  /// var resolvers = NameResolverRegistry.defaults
  /// resolvers.registerFactory(NameResolvers.Fairlead())
  /// let transport = try HTTP2ClientTransport.Posix(
  ///   target: .fairlead("dns:///greeter:80"), transportSecurity: .plaintext,
  ///   resolverRegistry: resolvers,
  ///   serviceConfig: ServiceConfig(loadBalancingConfig: [.roundRobin]))
  /// ```
  ///
  /// What that transport does not have, `BalancedTransport` has: weights, zones and readiness count
  /// for nothing in it, and while a target has no endpoints at all it asks again after one second
  /// first and two minutes at last. Without `round_robin` it uses the first address only.
  ///
  /// A client that never had an endpoint does not end by graceful shutdown; cancel its task (grpc-swift's
  /// transport 2.9.2).
  ///
  /// Resolving begins when the transport asks for the first answer and ends when it stops asking,
  /// or is cancelled; nothing runs in between.
  public struct Fairlead: NameResolverFactory, Sendable {
    public typealias Target = ResolvableTargets.Fairlead

    /// The schemes that targets may have.
    public var registry: ResolverRegistry
    /// What resolvers are made with.
    public var options: DiscoveryOptions
    /// How often the last answer is told again while it stays as it is, one second by default.
    ///
    /// The transport gives up an endpoint whose server says GOAWAY, because of its maximum
    /// connection age for example, until it is told of it again.
    public var repeatInterval: Duration

    /// - Parameters:
    ///   - registry: the schemes that targets may have; others can be registered in it.
    ///   - options: what resolvers are made with.
    ///   - repeatInterval: how often the last answer is told again.
    public init(
      registry: ResolverRegistry = .standard, options: DiscoveryOptions,
      repeatInterval: Duration = .seconds(1)
    ) {
      self.registry = registry
      self.options = options
      self.repeatInterval = repeatInterval
    }

    /// With the usual options, and another seed each time.
    ///
    /// - Parameter registry: the schemes that targets may have.
    public init(registry: ResolverRegistry = .standard) {
      self.init(
        registry: registry, options: DiscoveryOptions(seed: RandomSource.systemSeed()))
    }

    /// A resolver for a target. It does not throw: what is wrong with the target is thrown by the
    /// sequence of names, so that calls fail with it.
    public func resolver(for target: Target) -> NameResolver {
      let authority = try? registry.target(target.target).serviceAuthority
      let names = ResolvedNames(target: target.target, factory: self)
      return NameResolver(
        names: RPCAsyncSequence(wrapping: names), updateMode: .push, authority: authority)
    }
  }
}
