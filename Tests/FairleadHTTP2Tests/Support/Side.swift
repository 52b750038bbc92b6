import NIOCore
import Testing

@testable import FairleadHTTP2

/// One end of a connection without a socket: a session, what it was told, and what it sent.
final class Side: SessionDelegate {
  enum Event: Equatable {
    case settings
    case goAway(ErrorCode, last: Int32)
    case pingAck
    case exceeded(SessionLimit)
  }

  let session: Session
  private(set) var events: [Event] = []
  private(set) var streamsClosed = 0
  /// Streams that the peer opened, in order.
  private(set) var opened: [HTTP2Stream] = []
  /// By stream, those that it opened and those that it accepted.
  private(set) var recorders: [Int32: Recorder] = [:]
  /// What becomes of a stream that the peer opened, after its recorder was set.
  var onOpen: ((HTTP2Stream) -> Void)?
  /// All that was ever sent.
  private(set) var sent: [UInt8] = []
  var now: UInt64 = 1

  init(_ role: Session.Role, _ change: (inout SessionConfiguration) -> Void = { _ in }) {
    var configuration = SessionConfiguration()
    change(&configuration)
    session = Session(role: role, configuration: configuration)
    session.delegate = self
  }

  // MARK: Wire

  /// What is due.
  func drain() -> [UInt8] {
    var buffer = ByteBuffer()
    while session.send(into: &buffer, limit: buffer.readableBytes + 16 * 1024) {}
    let bytes = Array(buffer.readableBytesView)
    sent += bytes
    return bytes
  }

  func feed(_ bytes: [UInt8]) throws {
    try session.receive(ByteBuffer(bytes: bytes), now: now)
  }

  func feed(_ frames: Frame...) throws {
    try feed(frames.flatMap(\.bytes))
  }

  var sentFrames: [Frame] { Frame.parse(sent) }

  func sentFrames(_ kind: Frame.Kind, on stream: UInt32? = nil) -> [Frame] {
    sentFrames.filter { $0.kind == kind && (stream == nil || $0.stream == stream) }
  }

  // MARK: Calls

  /// Opens a stream; with a source that has ended and holds nothing, it has no body.
  func request(
    _ source: HTTP2Stream = .finished, fields: [(String, String)] = Frame.request
  ) throws -> (stream: HTTP2Stream, recorder: Recorder) {
    let recorder = Recorder()
    let stream = try #require(
      session.submitRequest(HeaderBlock(fields), source: source, handler: recorder))
    recorders[stream.id] = recorder
    return (stream, recorder)
  }

  func respond(
    on stream: HTTP2Stream, _ source: HTTP2Stream?, fields: [(String, String)] = []
  ) {
    session.submitResponse(
      HeaderBlock([(":status", "200")] + fields), on: stream, source: source)
  }

  /// As a sink does: takes received bytes and gives them back to the peer's window.
  func take(_ count: Int, of stream: HTTP2Stream) -> [UInt8] {
    var buffer = ByteBuffer()
    let fresh = stream.received.move(count, to: &buffer)
    session.giveBack(fresh, on: stream)
    return Array(buffer.readableBytesView)
  }

  // MARK: SessionDelegate

  func session(_ session: Session, didOpen stream: HTTP2Stream) {
    let recorder = Recorder()
    recorders[stream.id] = recorder
    stream.handler = recorder
    opened.append(stream)
    onOpen?(stream)
  }

  func sessionNeedsSend(_ session: Session) {}
  func sessionDidReceiveSettings(_ session: Session) { events.append(.settings) }

  func session(_ session: Session, didReceiveGoAway code: ErrorCode, lastStreamID: Int32) {
    events.append(.goAway(code, last: lastStreamID))
  }

  func sessionDidReceivePingAck(_ session: Session) { events.append(.pingAck) }
  func sessionDidCloseStream(_ session: Session) { streamsClosed += 1 }

  func session(_ session: Session, didExceed limit: SessionLimit) {
    events.append(.exceeded(limit))
  }
}

extension HTTP2Stream {
  /// A source that has nothing and never will.
  static var finished: HTTP2Stream {
    let source = HTTP2Stream(isRewindable: false)
    source.receivedEnd = true
    return source
  }

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
}
