import FairleadBalancing
import FairleadDiscovery
import GRPCNIOTransportHTTP2Posix

extension EndpointAddress {
  /// As grpc-swift has it.
  var socketAddress: SocketAddress {
    switch self {
    case .ip(let host, let port):
      IPFamily(of: host) == .v6 ? .ipv6(host: host, port: port) : .ipv4(host: host, port: port)
    case .unix(let path):
      .unixDomainSocket(path: path)
    }
  }
}
