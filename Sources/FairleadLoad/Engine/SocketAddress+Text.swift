import NIOCore

extension SocketAddress {
  /// `10.0.0.1:50051`, `[::1]:50051`.
  var text: String? {
    guard let ipAddress, let port else { return pathname }
    return ipAddress.contains(":") ? "[\(ipAddress)]:\(port)" : "\(ipAddress):\(port)"
  }
}
