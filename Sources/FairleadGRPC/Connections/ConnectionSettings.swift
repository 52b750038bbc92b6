import GRPCCore
import GRPCNIOTransportHTTP2Posix
import NIOCore

/// What every connection of a channel is made with.
struct ConnectionSettings: Sendable {
  var connectTimeout: Duration
  var maximumFrameSize: Int
  var windowSize: Int
  var keepalive: HTTP2ClientTransport.Config.Keepalive?
  var compression: HTTP2ClientTransport.Config.Compression

  func wrappedChannel(
    authority: String,
    onStream: @escaping @Sendable (any Channel) -> EventLoopFuture<Void>
  ) -> HTTP2ClientTransport.WrappedChannel.Config {
    .defaults { config in
      config.http2.authority = authority
      config.http2.maxFrameSize = maximumFrameSize
      config.http2.targetWindowSize = windowSize
      // The channel closes idle connections itself: to grpc-swift, one with a health watch is not idle.
      config.connection.maxIdleTime = nil
      config.connection.keepalive = keepalive
      config.compression = compression
      config.channelDebuggingCallbacks.onCreateHTTP2Stream = onStream
    }
  }
}
