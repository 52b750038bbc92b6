import Foundation
import GRPCNIOTransportHTTP2Posix

extension HostPort {
  /// The address to bind a gRPC server to.
  ///
  /// - Throws: ``CommandFailure`` when the host is a name: a server binds to an address.
  func listeningAddress() throws -> GRPCNIOTransportHTTP2Posix.SocketAddress {
    if self.host == "localhost" {
      return .ipv4(host: "127.0.0.1", port: self.port)
    }
    if self.isIPv6 {
      return .ipv6(host: self.host, port: self.port)
    }
    guard self.isIPv4 else {
      throw CommandFailure(
        "Cannot listen on '\(self)': give an IP address, such as 0.0.0.0:\(self.port), not a name."
      )
    }
    return .ipv4(host: self.host, port: self.port)
  }

  /// The target for a gRPC client: an address as it is, a name by DNS.
  var target: any ResolvableTarget {
    if self.isIPv6 {
      return .ipv6(address: self.host, port: self.port)
    }
    if self.isIPv4 {
      return .ipv4(address: self.host, port: self.port)
    }
    return .dns(host: self.host, port: self.port)
  }

  private var isIPv4: Bool {
    var address = in_addr()
    return inet_pton(AF_INET, self.host, &address) == 1
  }
}
