import FairleadDiscovery

/// One server of an etcd cluster, and whether it is spoken to in TLS.
struct EtcdServer: Sendable, Hashable {
  /// A name or an IP literal without brackets.
  var host: String
  var port: Int
  var isSecure: Bool

  /// etcd's port for clients.
  static let defaultPort = 2379

  /// `nil` if the text is no server.
  ///
  /// - Parameters:
  ///   - text: `HOST`, `HOST:PORT`, or either after `http://` or `https://`.
  ///   - hasTLS: whether TLS is configured: it then holds for a server without a scheme.
  init?(_ text: String, hasTLS: Bool) {
    var rest = text[...]
    isSecure = hasTLS
    if text.hasPrefix("https://") {
      isSecure = true
      rest = rest.dropFirst(8)
    } else if text.hasPrefix("http://") {
      isSecure = false
      rest = rest.dropFirst(7)
    }
    if rest.hasSuffix("/") { rest = rest.dropLast() }
    guard !rest.contains(where: { "/@?# ".contains($0) }), let address = HostAndPort(rest),
      address.service == nil || address.port != nil
    else { return nil }
    host = address.host
    port = address.port ?? Self.defaultPort
  }
}

extension EtcdServer: CustomStringConvertible {
  var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
