import NIOCore
import NIOSSL

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

  /// Asks for the socket to be closed at once, as there is nobody to be polite to.
  struct Cut: Sendable {}

  private let limit: TimeAmount
  private var isClosing = false
  private var closed: EventLoopPromise<Void>?
  private var end: Scheduled<Void>?

  /// - Parameter limit: how long the other end may take.
  init(limit: TimeAmount) {
    self.limit = limit
  }

  func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
    guard mode == .all, context.channel.isActive else {
      return context.close(mode: mode, promise: promise)
    }
    guard !isClosing else { return cut(context, promise) }
    isClosing = true
    closed = promise
    let isolated = context.eventLoop.assumeIsolated()
    let said = context.eventLoop.makePromise(of: Void.self)
    said.futureResult.assumeIsolated().whenFailure { _ in self.cut(context) }
    end = isolated.scheduleTask(in: limit) { self.cut(context) }
    context.close(mode: .output, promise: said)
  }

  func triggerUserOutboundEvent(
    context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?
  ) {
    guard event is Cut else {
      return context.triggerUserOutboundEvent(event, promise: promise)
    }
    isClosing = true
    cut(context, promise)
  }

  /// Closes the socket beneath TLS, which would wait for an answer to its goodbye once more.
  private func cut(_ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>? = nil) {
    let pipeline = context.pipeline.syncOperations
    let lowest = (try? pipeline.context(handlerType: NIOSSLClientHandler.self)) ?? context
    lowest.close(mode: .all, promise: promise)
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
