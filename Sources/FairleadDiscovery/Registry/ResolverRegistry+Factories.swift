import FairleadBalancing

extension ResolverRegistry {
  /// gRPC's default port of a target that names none.
  static let defaultPort = 443

  static func passthrough(
    _ target: Target, _ options: DiscoveryOptions
  ) throws(ResolutionFailure) -> any EndpointSource {
    try refuseAuthority(target)
    guard let address = HostAndPort(target.endpoint), let port = address.port else {
      throw Target.malformed(
        target.description, "its address has no port; write passthrough:///HOST:PORT")
    }
    return StaticSource([Endpoint(address: .ip(host: address.host, port: port))])
  }

  static func ipv4(
    _ target: Target, _ options: DiscoveryOptions
  ) throws(ResolutionFailure) -> any EndpointSource {
    try addresses(target, example: "ipv4:10.0.0.1:80,10.0.0.2:80") { IPFamily(of: $0) == .v4 }
  }

  static func ipv6(
    _ target: Target, _ options: DiscoveryOptions
  ) throws(ResolutionFailure) -> any EndpointSource {
    try addresses(target, example: "ipv6:[2001:db8::1]:80") { IPFamily(of: $0) == .v6 }
  }

  static func literals(
    _ target: Target, _ options: DiscoveryOptions
  ) throws(ResolutionFailure) -> any EndpointSource {
    try addresses(target, example: "static:///10.0.0.1:80,10.0.0.2:80") { IPFamily(of: $0) != nil }
  }

  static func unix(
    _ target: Target, _ options: DiscoveryOptions
  ) throws(ResolutionFailure) -> any EndpointSource {
    try refuseAuthority(target)
    return StaticSource([Endpoint(address: .unix(path: target.path))])
  }

  static func file(
    _ target: Target, _ options: DiscoveryOptions
  ) throws(ResolutionFailure) -> any EndpointSource {
    try refuseAuthority(target)
    return FileEndpointSource(
      path: target.path, interval: options.fileInterval, clock: options.resolver.clock)
  }

  /// Addresses with commas between them.
  private static func addresses(
    _ target: Target, example: String, isAllowed: (String) -> Bool
  ) throws(ResolutionFailure) -> any EndpointSource {
    try refuseAuthority(target)
    var endpoints: [Endpoint] = []
    for part in target.endpoint.split(separator: ",", omittingEmptySubsequences: false) {
      guard let address = HostAndPort(part), isAllowed(address.host),
        address.service == nil || address.port != nil
      else {
        throw Target.malformed(
          target.description, "\"\(part)\" is no address of its kind; write \(example)")
      }
      let port = address.port ?? defaultPort
      endpoints.append(Endpoint(address: .ip(host: address.host, port: port)))
    }
    return StaticSource(endpoints)
  }

  static func refuseAuthority(_ target: Target) throws(ResolutionFailure) {
    guard target.authority.isEmpty else {
      throw Target.malformed(
        target.description,
        "\(target.scheme) takes no authority; write three slashes after the colon, before what you "
          + "mean")
    }
  }
}
