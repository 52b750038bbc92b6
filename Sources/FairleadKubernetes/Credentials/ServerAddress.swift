import Foundation

/// Where the API server listens, as its URL says.
package struct ServerAddress: Sendable, Hashable {
  package var isTLS: Bool
  /// A name or an IP literal, the latter without brackets.
  package var host: String
  package var port: Int
  /// What stands before `/api`, as some gateways want it; without a slash at its end.
  package var pathPrefix: String

  package init(isTLS: Bool = true, host: String, port: Int, pathPrefix: String = "") {
    self.isTLS = isTLS
    self.host = host
    self.port = port
    self.pathPrefix = pathPrefix
  }

  /// `nil` if it is no `http` or `https` URL with a host, and a port from 1 to 65535 if it has one.
  package init?(url text: String) {
    // kubectl takes a bare HOST:PORT for plain HTTP.
    let text = text.contains("://") ? text : "http://" + text
    guard let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(),
      scheme == "http" || scheme == "https", let host = parts.host, !host.isEmpty,
      parts.port.map((1...65535).contains) ?? true
    else { return nil }
    isTLS = scheme == "https"
    self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
    port = parts.port ?? (isTLS ? 443 : 80)
    pathPrefix = parts.percentEncodedPath
    while pathPrefix.hasSuffix("/") { pathPrefix.removeLast() }
  }

  /// - Parameter host: instead of the own one.
  func url(host other: String? = nil) -> String {
    let name = other ?? host
    let literal = name.contains(":") ? "[\(name)]" : name
    return "\(isTLS ? "https" : "http")://\(literal):\(port)\(pathPrefix)"
  }
}

extension ServerAddress: CustomStringConvertible {
  package var description: String { url() }
}
