import FairleadBalancing
import FairleadSockets
import NIOCore
import NIOPosix

extension ClientBootstrap {
  /// Connects to an endpoint; by TCP, what is written is sent at once.
  ///
  /// - Parameter silence: see ``limitingSilence(to:)``; `nil` to leave it to the system.
  func connect(
    to address: EndpointAddress, silence: Duration? = nil
  ) -> EventLoopFuture<any Channel> {
    switch address {
    case .ip(let host, let port):
      return (silence.map(limitingSilence(to:)) ?? self)
        .channelOption(.tcpOption(.tcp_nodelay), value: 1)
        .connect(host: host, port: port)
    case .unix(let path):
      return connect(unixDomainSocketPath: path)
    }
  }
}
