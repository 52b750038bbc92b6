import FairleadDiscovery

extension FairleadDiscovery.Target {
  /// The service's own authority, for `:authority` and for the name in the server's certificate;
  /// `nil` if the target names none, so that each connection has that of its address.
  ///
  /// As in gRPC, it is the target's endpoint; a port by name, which only a resolver understands, is
  /// left out.
  package var serviceAuthority: String? {
    switch scheme {
    case "unix":
      return "localhost"
    case "ipv4", "ipv6", "static", "file":
      return nil
    default:
      guard let address = HostAndPort(endpoint), address.service != nil, address.port == nil else {
        return endpoint
      }
      return address.host
    }
  }
}
