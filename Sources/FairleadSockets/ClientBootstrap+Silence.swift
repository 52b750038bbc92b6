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
  /// Lets TCP find out that the other end is gone, as a node that lost power or a network that drops
  /// packets says nothing. HTTP/2's PING would not do: a gRPC server takes it for abuse when it comes
  /// more often than every five minutes (gRFC A8).
  ///
  /// - Parameter limit: after how long without an acknowledgement the connection ends; in whole seconds.
  ///   A connection that is idle is probed then, so its end comes somewhat later.
  package func limitingSilence(to limit: Duration) -> ClientBootstrap {
    let seconds = Int(min(max(1, limit.components.seconds), 3600))
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
