/// Where one server listens.
public enum EndpointAddress: Sendable, Hashable {
  /// An IP literal, without brackets for IPv6, and a TCP port.
  case ip(host: String, port: Int)
  /// A Unix domain socket.
  case unix(path: String)
}

extension EndpointAddress: CustomStringConvertible {
  /// `10.0.0.1:8080`, `[::1]:8080` or `unix:/path`.
  public var description: String {
    switch self {
    case .ip(let host, let port):
      host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    case .unix(let path):
      "unix:\(path)"
    }
  }
}
