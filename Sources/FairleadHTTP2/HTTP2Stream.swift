import NIOCore

/// One stream of a session: what was received on it, and which other stream's bytes are sent on it.
///
/// A proxy sets each of two streams as the `source` of the other: body, END_STREAM and trailers then flow by themselves,
/// and a byte is given back to the sender's window when the other side took it. Confined to the thread of its session.
package final class HTTP2Stream {
  package internal(set) var id: Int32 = -1
  /// The header block received last.
  package var headers = HeaderBlock()
  /// The header list was over the limit: it is not complete.
  package internal(set) var headersOverflowed = false
  /// The peer will send nothing more.
  package internal(set) var receivedEnd = false
  /// The last header block was the trailers.
  package internal(set) var receivedTrailers = false
  /// Its header block went to the socket's buffer; until then the peer cannot know of it.
  package internal(set) var wasSent = false
  /// The stream is gone; its last event was delivered.
  package internal(set) var isClosed = false
  /// Told what happens; kept alive until the last event.
  package var handler: (any StreamHandler)?

  /// What its peer sends as body is counted and let go at once. For whoever looks at headers and trailers alone.
  package var dropsBody = false
  /// The first five bytes of a body that is let go, or as many as came: a gRPC message's own head.
  package private(set) var droppedPrefix: UInt64 = 0

  /// The session that it belongs to, until it is closed.
  package internal(set) unowned(unsafe) var session: Session?
  /// The stream whose received bytes, end and trailers are sent on this one.
  var source: HTTP2Stream?
  /// The stream that sends our bytes.
  var sink: HTTP2Stream?
  var received: ByteQueue
  var sendingIsDeferred = false
  var sawFinalResponse = false
  var wasResetByPeer = false
  /// A reset of ours was asked for, or is in the peer's budget already.
  var resetIsCounted = false
  /// Its place in the session's table.
  var index = -1

  init(isRewindable: Bool) {
    received = ByteQueue(isRewindable: isRewindable)
  }

  /// A stream of no connection that has received these bytes and its end: the source of a request. It can be sent over and
  /// over, by `rewind`, but to one sink at a time.
  package init(holding bytes: [UInt8]) {
    received = ByteQueue(holding: bytes)
    receivedEnd = true
  }

  /// Whether bytes are left that its sink has not taken.
  package var hasUntakenBytes: Bool { received.count > 0 }

  /// Counts body bytes and lets them go.
  func drop(_ bytes: UnsafeRawBufferPointer) {
    let missing = 5 - received.totalReceived
    if missing > 0 {
      for byte in bytes.prefix(missing) { droppedPrefix = droppedPrefix << 8 | UInt64(byte) }
    }
    received.drop(bytes.count)
  }

  /// Takes all body bytes that are there, and opens the window for as many.
  package func takeReceived(into buffer: inout ByteBuffer) {
    let fresh = received.move(received.count, to: &buffer)
    session?.giveBack(fresh, on: self)
  }

  /// All body bytes received so far.
  package var bodyBytesReceived: Int { received.totalReceived }

  /// Whether everything received so far can be sent once more, to another sink.
  package var isRewindable: Bool { received.isRewindable }

  /// What was sent on need not be kept for a retry any longer.
  package func stopRewinding() {
    received.stopRewinding()
  }

  /// Makes all bytes received so far available again, for a new sink. Only while `isRewindable`.
  package func rewind() {
    sink?.source = nil
    sink = nil
    received.rewind()
  }

  /// Sends nothing more of `source`, and lets go of what it had: its sender's window is opened again.
  package func detachSource() {
    guard let source else { return }
    self.source = nil
    source.sink = nil
    source.discardReceived()
  }

  /// Lets received bytes go that nobody will take.
  package func discardReceived() {
    let untaken = received.removeAll()
    session?.giveBack(untaken, on: self)
  }

  /// Ends what was received, as if the peer had sent these trailers: for a response that its server cannot end any more.
  /// Nothing that the peer still sends on it is looked at.
  package func endReceived(with trailers: HeaderBlock) {
    handler = nil
    headers = trailers
    receivedTrailers = true
    receivedEnd = true
    wakeSink()
  }

  /// What `source` received can be sent: wakes the session that sends it.
  func wakeSink() {
    guard let sink, sink.sendingIsDeferred, let session = sink.session else { return }
    session.resume(sink)
  }
}
