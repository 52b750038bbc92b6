import FairleadBalancing

/// Where a probe connects.
struct ProbeAddress: Sendable, Hashable {
  /// Tried in turn until one is reached; never empty once parsed. The host of an `ip` may be a name.
  var candidates: [EndpointAddress]
  /// The `:authority` of the call, and whose certificate the server must have.
  var authority: String

  init(candidates: [EndpointAddress], authority: String) {
    self.candidates = candidates
    self.authority = authority
  }

  /// `HOST:PORT`, `:PORT` for this host, `unix:PATH`; also as a target of gRPC that names one server, `dns:///HOST:PORT`.
  init(parsing text: String) throws(ProbeUsageError) {
    for prefix in ["unix://", "unix:"] where text.hasPrefix(prefix) {
      let path = text.dropFirst(prefix.count)
      guard !path.isEmpty else {
        throw ProbeUsageError("-addr \"\(text)\" names no socket; give unix:/PATH")
      }
      self.init(candidates: [.unix(path: String(path))], authority: "localhost")
      return
    }
    var rest = Substring(text)
    for prefix in ["dns:///", "passthrough:///", "dns:", "passthrough:", "ipv4:", "ipv6:"]
    where text.hasPrefix(prefix) {
      rest = rest.dropFirst(prefix.count)
      break
    }
    if rest.hasPrefix(":") { rest = "localhost" + rest }
    guard let place = HostPort(parsing: String(rest)), place.port > 0 else {
      throw ProbeUsageError("-addr \"\(text)\" is not HOST:PORT, :PORT or unix:PATH")
    }
    // A server listens on either or both; no name service is asked for what every host knows.
    let hosts = place.host == "localhost" ? ["127.0.0.1", "::1"] : [place.host]
    self.init(
      candidates: hosts.map { .ip(host: $0, port: place.port) }, authority: place.description)
  }
}
