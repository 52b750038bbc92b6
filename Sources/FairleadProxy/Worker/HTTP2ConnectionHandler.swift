import FairleadHTTP2
import NIOCore

/// Whoever has a connection: told when it fails and when it is gone.
protocol HTTP2ConnectionOwner: AnyObject {
  /// The peer broke the protocol or hit a limit. What is queued is sent, then the connection is closed.
  func connectionDidFail(_ error: Session.ReceiveError)
  /// The socket is closed and all streams have had their last event.
  func connectionDidClose(_ error: (any Error)?)
}

/// Between a socket and a ``Session``: bytes read go in, frames that are due come out. The only handler of its channel.
final class HTTP2ConnectionHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  /// Bytes drained into one write.
  private static let writeSize = 128 * 1024
  /// How long after the last GOAWAY a peer that keeps on sending is listened to, so that it can read it.
  private static let lingerTime = TimeAmount.milliseconds(500)
  /// How long after our end a peer may take to end as well.
  private static let finishTime = TimeAmount.seconds(2)

  let session: Session
  private let worker: Worker
  private var owner: (any HTTP2ConnectionOwner)?
  private var context: ChannelHandlerContext?
  private var error: (any Error)?
  private var isClosing = false
  private var isEnding = false
  private var isClosed = false

  init(session: Session, worker: Worker, owner: any HTTP2ConnectionOwner) {
    self.session = session
    self.worker = worker
    self.owner = owner
  }

  // MARK: Channel

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    worker.flusher.add(self)
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    closed()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isClosing else { return }
    do {
      try session.receive(unwrapInboundIn(data), now: worker.clock.tick())
    } catch {
      owner?.connectionDidFail(error)
      isClosing = true
    }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if context.channel.isWritable {
      worker.flusher.add(self)
    }
    context.fireChannelWritabilityChanged()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if let event = event as? ChannelEvent, event == .inputClosed {
      context.close(promise: nil)
    }
    context.fireUserInboundEventTriggered(event)
  }

  func channelInactive(context: ChannelHandlerContext) {
    closed()
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    self.error = error
    context.close(promise: nil)
  }

  // MARK: Sending

  /// Writes all frames that are due, as far as the socket takes them.
  func flush() {
    guard let context else { return }
    var more = true
    while more, context.channel.isWritable {
      worker.output.clear()
      more = session.send(into: &worker.output, limit: Self.writeSize)
      guard worker.output.readableBytes > 0 else { break }
      context.writeAndFlush(wrapOutboundOut(worker.output), promise: nil)
    }
    if !isClosing, let failure = session.failure {
      isClosing = true
      owner?.connectionDidFail(failure)
    }
    if isClosing || session.isFinished {
      end()
    }
  }

  /// Closes the socket in a moment: never from within the session's own events, which closing it would pull the ground
  /// from under.
  func close() {
    guard let context else { return closed() }
    context.eventLoop.assumeIsolated().execute { self.context?.close(promise: nil) }
  }

  /// Ends our side, and the socket when the peer has ended its own, or a moment later: closing it with bytes unwritten or
  /// unread would take back the end of what was sent.
  private func end() {
    guard !isEnding, let context, context.channel.isActive else { return }
    isEnding = true
    let written = context.eventLoop.makePromise(of: Void.self)
    context.close(mode: .output, promise: written)
    if isClosing {
      // A peer that broke the rules may never read.
      closeLater(after: Self.lingerTime)
    } else {
      written.futureResult.assumeIsolated().whenComplete { _ in
        self.closeLater(after: Self.finishTime)
      }
    }
  }

  private func closeLater(after time: TimeAmount) {
    context?.eventLoop.assumeIsolated().scheduleTask(in: time) { self.close() }
  }

  private func closed() {
    guard !isClosed else { return }
    isClosed = true
    context = nil
    session.close()
    owner?.connectionDidClose(error)
    owner = nil
  }
}
