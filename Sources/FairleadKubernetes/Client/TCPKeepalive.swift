import NIOCore

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Makes TCP ask a peer that is silent whether it is still there: a watch may say nothing for
/// minutes, and a machine that vanished says nothing at all.
enum TCPKeepalive {
  /// The first question, then the time between questions, in seconds; after so many without an answer
  /// the connection ends: after one minute in all.
  private static let idle = 30
  private static let interval = 10
  private static let count = 3

  static func enable(on channel: any Channel) -> EventLoopFuture<Void> {
    #if canImport(Darwin)
      let idleName = TCP_KEEPALIVE
    #else
      let idleName = TCP_KEEPIDLE
    #endif
    let steps = [
      set(channel, .socket, SO_KEEPALIVE, 1),
      set(channel, .tcp, idleName, idle),
      set(channel, .tcp, TCP_KEEPINTVL, interval),
      set(channel, .tcp, TCP_KEEPCNT, count),
    ]
    // A system that does not know one of them is no reason not to connect.
    return EventLoopFuture.andAllComplete(steps, on: channel.eventLoop)
  }

  private static func set(
    _ channel: any Channel, _ level: NIOBSDSocket.OptionLevel, _ name: CInt, _ value: Int
  ) -> EventLoopFuture<Void> {
    let option = ChannelOptions.Types.SocketOption(
      level: level, name: NIOBSDSocket.Option(rawValue: name))
    return channel.setOption(option, value: value)
  }
}
