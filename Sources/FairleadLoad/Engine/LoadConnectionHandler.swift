import FairleadHTTP2
import NIOCore

/// Between a socket and a ``Session``: bytes read go in, frames that are due come out once in a turn of the event loop. The
/// last handler of its channel.
final class LoadConnectionHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  /// Bytes drained into one write.
  private static let writeSize = 128 * 1024
  /// How long after our GOAWAY the server has to close.
  private static let finishTime = TimeAmount.milliseconds(200)

  let session: Session
  /// It waits for its turn to be flushed; the worker's to set.
  var isDirty = false
  private let worker: LoadWorker
  private var connection: LoadConnection?
  private var context: ChannelHandlerContext?
  private var error: (any Error)?
  private var isBroken = false
  private var isEnding = false

  init(session: Session, connection: LoadConnection, worker: LoadWorker) {
    self.session = session
    self.connection = connection
    self.worker = worker
  }

  // MARK: Channel

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    worker.needsFlush(self)
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    closed()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isBroken else { return }
    do {
      try session.receive(unwrapInboundIn(data), now: LoadWorker.now)
    } catch {
      isBroken = true
      worker.needsFlush(self)
      connection?.didBreakRules()
    }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if context.channel.isWritable { worker.needsFlush(self) }
    context.fireChannelWritabilityChanged()
  }

  func channelInactive(context: ChannelHandlerContext) {
    closed()
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // The first says most.
    if self.error == nil { self.error = error }
    context.close(promise: nil)
  }

  // MARK: Sending

  /// Writes all frames that are due, as far as the socket takes them.
  func flush() {
    isDirty = false
    guard let context else { return }
    var more = true
    while more, context.channel.isWritable {
      worker.output.clear()
      more = session.send(into: &worker.output, limit: Self.writeSize)
      guard worker.output.readableBytes > 0 else { break }
      context.writeAndFlush(wrapOutboundOut(worker.output), promise: nil)
    }
    if !isBroken, session.failure != nil {
      isBroken = true
      connection?.didBreakRules()
    }
    if isBroken || session.isFinished { end() }
  }

  /// Closes the socket in a moment: never from within the session's own events.
  func close() {
    guard let context else { return closed() }
    context.eventLoop.assumeIsolated().execute { self.context?.close(promise: nil) }
  }

  private func end() {
    guard !isEnding, let context else { return }
    isEnding = true
    context.eventLoop.assumeIsolated().scheduleTask(in: Self.finishTime) { self.close() }
  }

  private func closed() {
    guard let connection else { return }
    self.connection = nil
    context = nil
    session.close()
    connection.didClose(error)
  }
}
