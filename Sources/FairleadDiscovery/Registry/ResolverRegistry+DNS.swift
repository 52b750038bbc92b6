extension ResolverRegistry {
  static func dns(
    _ target: Target, _ options: DiscoveryOptions
  ) throws(ResolutionFailure) -> any EndpointSource {
    DNSSource(try DNSTarget(target), options: options)
  }
}
