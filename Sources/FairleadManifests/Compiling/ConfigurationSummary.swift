/// How much a configuration holds.
package struct ConfigurationSummary: Sendable, Hashable, Encodable {
  /// Hosts that can be called: Services and the hosts of ServiceEntries.
  package var services: Int
  /// Rules of VirtualServices in force.
  package var routes: Int
  /// Different addresses that calls can go to.
  package var endpoints: Int

  package init(services: Int = 0, routes: Int = 0, endpoints: Int = 0) {
    self.services = services
    self.routes = routes
    self.endpoints = endpoints
  }
}

extension ConfigurationSummary: CustomStringConvertible {
  /// `3 services, 2 routes, 1 endpoint`.
  package var description: String {
    [
      Self.count(services, "service"), Self.count(routes, "route"),
      Self.count(endpoints, "endpoint"),
    ].joined(separator: ", ")
  }

  private static func count(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }
}
