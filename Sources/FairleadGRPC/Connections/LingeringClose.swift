import NIOCore

/// Closes a connection as a polite peer does: says that nothing more is sent, reads until the other end
/// says so too, and only then closes the socket. A second request to close closes it at once.
///
/// A socket that is closed over bytes that nobody has read resets the connection, and servers log that:
/// for a health probe, every few seconds. With TLS it is also the faster way, as many servers end the
/// connection when they are told of its end, and never answer `close_notify`.
///
/// Stands behind the TLS handler, if there is one, and before everything else.
final class LingeringClose: ChannelDuplexHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundIn = ByteBuffer

  private let limit: TimeAmount
  private var isClosing = false
  private var closed: EventLoopPromise<Void>?
  private var end: Scheduled<Void>?

  /// - Parameter limit: how long the other end may take.
  init(limit: TimeAmount) {
    self.limit = limit
  }

  func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
    guard mode == .all, !isClosing, context.channel.isActive else {
      return context.close(mode: mode, promise: promise)
    }
    isClosing = true
    closed = promise
    let isolated = context.eventLoop.assumeIsolated()
    let said = context.eventLoop.makePromise(of: Void.self)
    said.futureResult.assumeIsolated().whenFailure { _ in context.close(mode: .all, promise: nil) }
    end = isolated.scheduleTask(in: limit) { context.close(mode: .all, promise: nil) }
    context.close(mode: .output, promise: said)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    // What still comes is for nobody.
    if !isClosing { context.fireChannelRead(data) }
  }

  func channelInactive(context: ChannelHandlerContext) {
    settle()
    context.fireChannelInactive()
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    settle()
  }

  private func settle() {
    end?.cancel()
    end = nil
    let closed = closed
    self.closed = nil
    closed?.succeed(())
  }
}
