import FairleadHTTP2
import NIOCore

/// One of the calls that a worker has under way at once; used for one call after another. Confined to the worker's event
/// loop.
final class LoadCall: StreamHandler {
  /// From 0, over all workers.
  let slot: Int
  private let worker: LoadWorker
  private(set) var scheduled = ScheduledCall(number: 0, intendedStart: 0, isMeasured: false)
  /// When it ends with DEADLINE_EXCEEDED, in nanoseconds; `.max` for never.
  private(set) var deadline = UInt64.max
  private(set) var connection: LoadConnection?
  /// How often it was begun anew, since no server had looked at it.
  private(set) var restarts = 0
  private(set) var endedAt: UInt64 = 0
  private(set) var bytesReceived = 0
  /// What is sent; kept for the next call with the same payload.
  private var source: HTTP2Stream?
  private var variant = -1
  private var payloadSize = 0
  private(set) var bytesSent = 0
  private var stream: HTTP2Stream?
  private var reply = ReplyWatch()
  /// What we ended it with ourselves.
  private var verdict: (status: StatusCode, message: String)?

  init(slot: Int, worker: LoadWorker) {
    self.slot = slot
    self.worker = worker
  }

  var isUnderWay: Bool { stream != nil }

  // MARK: Beginning

  func prepare(_ scheduled: ScheduledCall, deadline: UInt64) {
    self.scheduled = scheduled
    self.deadline = deadline
    restarts = 0
    verdict = nil
    // It may end without having begun.
    bytesSent = 0
    bytesReceived = 0
  }

  /// What it is to send, again.
  func rewind(variant: Int, _ payload: [UInt8]) {
    if variant == self.variant, variant >= 0, let source {
      source.rewind()
    } else {
      source = HTTP2Stream(holding: payload)
      self.variant = variant
      payloadSize = payload.count
    }
  }

  /// What it sent before, if it did: no server has looked at it.
  func rewind() {
    source?.rewind()
  }

  func noteRestart() {
    restarts += 1
  }

  /// - Returns: whether the session took it.
  func begin(_ headers: HeaderBlock, on connection: LoadConnection) -> Bool {
    guard let source,
      let stream = connection.session.submitRequest(headers, source: source, handler: self)
    else { return false }
    self.stream = stream
    self.connection = connection
    stream.dropsBody = !worker.looksAtReplies
    bytesSent = payloadSize
    reply.clear()
    endedAt = 0
    return true
  }

  /// Ends it from our side.
  func giveUp(_ status: StatusCode, _ message: String) {
    guard let stream, verdict == nil else { return }
    verdict = (status, message)
    stream.session.map { $0.reset(stream, .cancel) }
  }

  /// Forgets the call: it will not be told of any more.
  func abandon() {
    stream?.handler = nil
    stream = nil
    connection = nil
  }

  // MARK: Stream

  func stream(_ stream: HTTP2Stream, didReceive kind: HeaderBlockKind) {
    switch kind {
    case .informational: break
    case .response: reply.headersCame(stream.headers, worker.backendHeader)
    case .trailers: reply.trailersCame(stream.headers, worker.backendHeader)
    }
  }

  func streamDidReceiveData(_ stream: HTTP2Stream) {
    guard reply.wantsBody else { return stream.discardReceived() }
    stream.takeReceived(into: &reply.body)
    reply.bodyGrew()
  }

  func streamDidReceiveEnd(_ stream: HTTP2Stream) {
    endedAt = LoadWorker.now
    if source?.hasUntakenBytes == true {
      // The server has answered and will not read the rest.
      stream.session.map { $0.reset(stream, .cancel) }
    }
  }

  func streamDidClose(_ stream: HTTP2Stream, _ closure: StreamClosure) {
    guard self.stream === stream else { return }
    if endedAt == 0 { endedAt = LoadWorker.now }
    bytesReceived = stream.bodyBytesReceived
    let wasSent = stream.wasSent
    self.stream = nil
    let connection = connection
    self.connection = nil
    if let verdict {
      worker.didEnd(
        self, over: connection, CallEnding(status: verdict.status, message: verdict.message))
    } else {
      var ending = reply.ending(closure, wasSent: wasSent)
      if ending.status == .ok, worker.expectsMessage,
        let problem = ReplyBody(
          prefix: stream.dropsBody ? stream.droppedPrefix : reply.prefix, length: bytesReceived
        ).problem
      {
        ending.status = .internalError
        ending.message = problem
      }
      worker.didEnd(self, over: connection, ending)
    }
  }

  // MARK: What the worker asks

  /// The bytes that tell who answered, if the response had the header.
  var backendHeader: ArraySlice<UInt8>? { reply.backend }
  /// The first message of the reply, if it is looked at and came whole.
  var firstMessage: [UInt8]? { reply.firstMessage }
}
