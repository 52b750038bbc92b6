import NIOCore

@testable import FairleadHTTP2

/// A session on a socket, for the ends that a test plays itself. Confined to its channel's event loop.
class WireConnection: ChannelInboundHandler, SessionDelegate, @unchecked Sendable {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  let session: Session
  private(set) var context: ChannelHandlerContext?
  private(set) var isClosed = false
  private(set) var goAways: [(code: ErrorCode, last: Int32)] = []

  init(_ role: Session.Role, _ configuration: SessionConfiguration = SessionConfiguration()) {
    session = Session(role: role, configuration: configuration)
    session.delegate = self
  }

  func close() {
    context?.close(promise: nil)
  }

  // MARK: Channel

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    sessionNeedsSend(session)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    try? session.receive(unwrapInboundIn(data), now: NIODeadline.now().uptimeNanoseconds)
  }

  func channelInactive(context: ChannelHandlerContext) {
    self.context = nil
    isClosed = true
    session.close()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }

  private func flush() {
    guard let context else { return }
    var buffer = ByteBuffer()
    while session.send(into: &buffer, limit: buffer.readableBytes + 16 * 1024) {}
    if buffer.readableBytes > 0 {
      context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
    }
    if session.isFinished {
      context.close(promise: nil)
    }
  }

  // MARK: Session

  func session(_ session: Session, didOpen stream: HTTP2Stream) {
    session.reset(stream, .refusedStream)
  }

  func sessionNeedsSend(_ session: Session) {
    guard let context else { return }
    context.eventLoop.assumeIsolated().execute { self.flush() }
  }

  func sessionDidReceiveSettings(_ session: Session) {}

  func session(_ session: Session, didReceiveGoAway code: ErrorCode, lastStreamID: Int32) {
    goAways.append((code, lastStreamID))
  }

  func sessionDidReceivePingAck(_ session: Session) {}
  func sessionDidCloseStream(_ session: Session) {}
  func session(_ session: Session, didExceed limit: SessionLimit) {}
}

extension HTTP2Stream {
  /// A source that is fed by a test.
  static func source(_ bytes: [UInt8] = []) -> HTTP2Stream {
    let source = HTTP2Stream(isRewindable: false)
    source.give(bytes)
    return source
  }

  func give(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { received.append($0) }
    wakeSink()
  }

  func giveEnd(trailers: [(String, String)]? = nil) {
    if let trailers {
      headers = HeaderBlock(trailers)
      receivedTrailers = true
    }
    receivedEnd = true
    wakeSink()
  }

  /// As a sink does: takes all that was received and gives it back to the peer's window.
  func takeAll() -> [UInt8] {
    var buffer = ByteBuffer()
    let fresh = received.move(received.count, to: &buffer)
    session?.giveBack(fresh, on: self)
    return Array(buffer.readableBytesView)
  }
}

extension HeaderBlock {
  /// By name; of several fields with one name the last.
  var dictionary: [String: String] {
    Dictionary((0..<count).map { (name(at: $0), value(at: $0)) }) { $1 }
  }
}
