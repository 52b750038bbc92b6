/// What a `dns` target asks for: `dns:[//server[:port]/]host[:port]`.
struct DNSTarget: Sendable, Hashable {
  enum Port: Sendable, Hashable {
    case number(Int)
    /// Found by the SRV records `_name._tcp.host`.
    case name(String)
  }

  var host: String
  var port: Port
  /// Whom to ask, as c-ares wants it; `nil` for the servers of resolv.conf.
  var server: String?

  init(_ target: Target) throws(ResolutionFailure) {
    guard let name = HostAndPort(target.endpoint), name.host.utf8.count <= 253,
      IPFamily(of: name.host) != nil || Self.isName(name.host)
    else {
      throw Target.malformed(
        target.description,
        "\"\(target.endpoint)\" is no host and port; write dns:///HOST:PORT")
    }
    host = name.host
    if let number = name.port {
      port = .number(number)
    } else if let service = name.service {
      guard Self.isName(service), !service.contains(".") else {
        throw Target.malformed(target.description, "its port is neither a number nor a name")
      }
      port = .name(service)
    } else {
      port = .number(ResolverRegistry.defaultPort)
    }
    server = try Self.server(target)
  }

  private static func server(_ target: Target) throws(ResolutionFailure) -> String? {
    guard !target.authority.isEmpty else { return nil }
    guard let address = HostAndPort(target.authority), let family = IPFamily(of: address.host),
      address.service == nil || address.port != nil
    else {
      throw Target.malformed(
        target.description,
        "\"\(target.authority)\" is no address of a DNS server; write dns://IP:PORT/HOST:PORT")
    }
    let host = family == .v6 ? "[\(address.host)]" : address.host
    return "\(host):\(address.port ?? 53)"
  }

  private static func isName(_ text: String) -> Bool {
    let labels = (text.hasSuffix(".") ? text.dropLast() : text[...])
      .split(separator: ".", omittingEmptySubsequences: false)
    return labels.allSatisfy { label in
      (1...63).contains(label.utf8.count)
        && label.utf8.allSatisfy {
          (0x61...0x7A).contains($0) || (0x41...0x5A).contains($0) || (0x30...0x39).contains($0)
            || $0 == 0x2D || $0 == 0x5F
        }
    }
  }
}
