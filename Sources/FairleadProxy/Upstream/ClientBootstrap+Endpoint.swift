import FairleadBalancing
import NIOCore
import NIOPosix

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

extension ClientBootstrap {
  /// Connects to an endpoint; by TCP, what is written is sent at once.
  ///
  /// - Parameter silence: after how long without an acknowledgement the endpoint counts as gone, as a node that lost power
  ///   or a network that drops packets says nothing; whole seconds, `nil` to leave it to the system. TCP finds out: a gRPC
  ///   server takes HTTP/2's PING for abuse when it comes more often than every five minutes (gRFC A8).
  func connect(
    to address: EndpointAddress, silence: Duration? = nil
  ) -> EventLoopFuture<any Channel> {
    switch address {
    case .ip(let host, let port):
      let seconds = silence.map { max(1, Int($0.components.seconds)) }
      return (seconds.map(limitingSilence(to:)) ?? self)
        .channelOption(.tcpOption(.tcp_nodelay), value: 1)
        .connect(host: host, port: port)
    case .unix(let path):
      return connect(unixDomainSocketPath: path)
    }
  }

  private func limitingSilence(to seconds: Int) -> ClientBootstrap {
    #if canImport(Darwin)
      let idle = TCP_KEEPALIVE
    #else
      let idle = TCP_KEEPIDLE
    #endif
    let keptAlive = channelOption(.socketOption(.so_keepalive), value: 1)
      .channelOption(.tcpOption(NIOBSDSocket.Option(rawValue: idle)), value: seconds)
      .channelOption(
        .tcpOption(NIOBSDSocket.Option(rawValue: TCP_KEEPINTVL)), value: max(1, seconds / 3)
      )
      .channelOption(.tcpOption(NIOBSDSocket.Option(rawValue: TCP_KEEPCNT)), value: 3)
    #if os(Linux)
      return keptAlive.channelOption(
        .tcpOption(NIOBSDSocket.Option(rawValue: TCP_USER_TIMEOUT)), value: seconds * 1000)
    #else
      return keptAlive
    #endif
  }
}
