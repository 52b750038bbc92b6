import FairleadBalancing

/// One lookup of a target: hosts file, search domains, services and addresses. Decides what the
/// replies come to.
struct DNSLookup<Session: DNSSession> {
  let session: Session

  /// What the hosts file says may change at any time.
  private static var hostsTTL: Duration { .seconds(5) }

  func run(_ target: DNSTarget) -> DNSOutcome {
    if IPFamily(of: target.host) != nil {
      // An address has no SRV records.
      guard case .number(let port) = target.port else { return .noSuchName }
      return .found([endpoint(target.host, port)], missing: [], ttl: .seconds(3600))
    }
    switch target.port {
    case .number(let port): return lookUp(host: target.host, port: port, isSearched: true)
    case .name(let name): return lookUp(service: "_\(name)._tcp.\(target.host)")
    }
  }

  private func lookUp(host: String, port: Int, weight: Int = 1, isSearched: Bool) -> DNSOutcome {
    let listed = session.hostsFile(host)
    if !listed.isEmpty {
      return found(listed.map { endpoint($0, port, weight) }, missing: [], ttl: Self.hostsTTL)
    }
    var exists = false
    for name in isSearched ? session.search.candidates(for: host) : [host] {
      let replies = session.addresses(of: name)
      var endpoints: [Endpoint] = []
      var missing: Set<IPFamily> = []
      var ttls: [Duration] = []
      var reason = ""
      for (family, reply) in [(IPFamily.v4, replies.v4), (.v6, replies.v6)] {
        switch reply {
        case .records(let addresses, let ttl):
          endpoints += addresses.map { endpoint($0, port, weight) }
          ttls.append(ttl)
        case .noRecords: exists = true
        case .noSuchName: break
        case .failed(let text):
          missing.insert(family)
          reason = text
        }
      }
      if !endpoints.isEmpty {
        return found(endpoints, missing: missing, ttl: ttls.min() ?? .zero)
      }
      // An outage is no reason to take the name for another one.
      if !missing.isEmpty { return .failed(reason) }
    }
    return exists ? .empty : .noSuchName
  }

  private func lookUp(service: String) -> DNSOutcome {
    var exists = false
    for name in session.search.candidates(for: service) {
      switch session.services(of: name) {
      case .records(let services, let ttl): return lookUp(services, ttl: ttl)
      case .noRecords: exists = true
      case .noSuchName: break
      case .failed(let reason): return .failed(reason)
      }
    }
    return exists ? .empty : .noSuchName
  }

  private func lookUp(_ services: [DNSService], ttl: Duration) -> DNSOutcome {
    let best = services.map(\.priority).min()
    var endpoints: [Endpoint] = []
    var missing: Set<IPFamily> = []
    var ttl = ttl
    // RFC 2782: a target of "." says that there is no such service here.
    for service in services where service.priority == best && !service.host.isEmpty {
      let weight = max(1, service.weight)
      switch lookUp(host: service.host, port: service.port, weight: weight, isSearched: false) {
      case .found(let more, let lost, let time):
        endpoints += more
        missing.formUnion(lost)
        ttl = min(ttl, time)
      case .empty, .noSuchName: break
      case .failed(let reason): return .failed(reason)
      }
    }
    return endpoints.isEmpty ? .empty : found(endpoints, missing: missing, ttl: ttl)
  }

  /// In one order, so that servers that rotate their answers change nothing.
  private func found(
    _ endpoints: [Endpoint], missing: Set<IPFamily>, ttl: Duration
  ) -> DNSOutcome {
    .found(endpoints.sorted { $0.name < $1.name }, missing: missing, ttl: ttl)
  }

  private func endpoint(_ host: String, _ port: Int, _ weight: Int = 1) -> Endpoint {
    Endpoint(address: .ip(host: host, port: port), weight: weight)
  }
}
