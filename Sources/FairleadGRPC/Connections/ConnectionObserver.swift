import NIOCore
import NIOHTTP2
import NIOSSL

/// What a connection tells its channel.
enum ConnectionNews: Sendable {
  /// The peer's SETTINGS, the first or changed ones: so many streams at a time.
  case settings(limit: Int)
  /// No new streams: GOAWAY, or closed. To try again makes no sense if it is `isLasting`.
  case lost(reason: String, isLasting: Bool)
}

/// Stands behind the HTTP/2 handler of a connection and tells what the transport over it keeps to
/// itself: the peer's limit of streams, GOAWAY, and why the connection ended.
final class ConnectionObserver: ChannelInboundHandler {
  typealias InboundIn = HTTP2Frame
  typealias InboundOut = HTTP2Frame

  /// NIOHTTP2 allows so many streams until the peer says how many it takes, and if it never does.
  static let limitOfNIO = 100

  private let goAway: GoAwayFlag
  private let tell: @Sendable (ConnectionNews) -> Void
  private var limit = ConnectionObserver.limitOfNIO
  private var hasSettings = false
  private var problem: String?
  private var isLasting = false
  private var isLost = false

  init(goAway: GoAwayFlag, tell: @escaping @Sendable (ConnectionNews) -> Void) {
    self.goAway = goAway
    self.tell = tell
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data).payload {
    case .settings(.settings(let settings)):
      for setting in settings where setting.parameter == .maxConcurrentStreams {
        limit = setting.value
      }
      hasSettings = true
      // Behind it: the transport is ready when its own handler has seen them.
      context.fireChannelRead(data)
      tell(.settings(limit: limit))
    case .goAway(let last, let code, let debugData):
      goAway.set(last: last)
      let text = debugData.map { String(buffer: $0) } ?? ""
      lost("the server said GOAWAY (\(code.name)\(text.isEmpty ? "" : ", \(text.prefix(200))"))")
      context.fireChannelRead(data)
    case .data, .headers, .priority, .rstStream, .settings(.ack), .pushPromise, .ping,
      .windowUpdate, .alternativeService, .origin:
      context.fireChannelRead(data)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // That TLS ended without a word says less than when it did.
    if !(error is NIOHTTP2Errors.StreamError), error as? NIOSSLError != .uncleanShutdown {
      problem = problem ?? ConnectionProblem.words(of: error)
      isLasting = isLasting || ConnectionProblem.isLasting(error)
    }
    context.fireErrorCaught(error)
  }

  func channelInactive(context: ChannelHandlerContext) {
    lost(
      problem
        ?? (hasSettings
          ? "the connection was closed"
          : "it closed the connection before it spoke HTTP/2; check the port, and whether it wants TLS "
            + "or a client certificate"))
    context.fireChannelInactive()
  }

  private func lost(_ reason: String) {
    guard !isLost else { return }
    isLost = true
    tell(.lost(reason: reason, isLasting: isLasting))
  }
}
