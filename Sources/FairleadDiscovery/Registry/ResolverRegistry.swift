/// The schemes that a target can have. A value: who wants a scheme of their own adds it to a copy
/// and passes that on.
public struct ResolverRegistry: Sendable {
  /// Makes the source of a target's endpoints, or says what is wrong with the target.
  public typealias Factory =
    @Sendable (Target, DiscoveryOptions) throws(ResolutionFailure) -> any EndpointSource

  private var factories: [String: Factory] = [:]

  /// A registry without any scheme.
  public init() {}

  /// `dns`, `file`, `ipv4`, `ipv6`, `passthrough`, `static` and `unix`.
  public static let standard: ResolverRegistry = {
    var registry = ResolverRegistry()
    registry.register("passthrough", passthrough)
    registry.register("ipv4", ipv4)
    registry.register("ipv6", ipv6)
    registry.register("static", literals)
    registry.register("unix", unix)
    registry.register("file", file)
    registry.register("dns", dns)
    return registry
  }()

  /// All schemes, in alphabetical order.
  public var schemes: [String] { factories.keys.sorted() }

  /// Adds a scheme, or takes the place of the one that had its name.
  public mutating func register(_ scheme: String, _ factory: @escaping Factory) {
    factories[scheme.lowercased()] = factory
  }

  /// Reads a target as its schemes want it.
  public func target(_ text: String) throws(ResolutionFailure) -> Target {
    try Target(text, knownSchemes: Set(schemes))
  }

  /// A resolver for a target.
  public func resolver(
    for target: Target, options: DiscoveryOptions
  ) throws(ResolutionFailure) -> Resolver {
    guard let factory = factories[target.scheme] else {
      throw Target.malformed(
        target.description,
        "there is no scheme \"\(target.scheme)\"; use one of \(Target.list(schemes))")
    }
    return Resolver(erasing: try factory(target, options), options: options.resolver)
  }
}

extension Resolver {
  fileprivate convenience init(erasing source: any EndpointSource, options: ResolverOptions) {
    self.init(source, options: options)
  }
}
