import NIOCore

/// The connections of a worker that have frames to send. All of them are written once, when everything that was ready to
/// be read in this turn of the event loop has been read: few writes for many calls.
final class Flusher {
  private let eventLoop: any EventLoop
  private var dirty: ContiguousArray<HTTP2ConnectionHandler> = []
  private var isScheduled = false

  init(eventLoop: any EventLoop) {
    self.eventLoop = eventLoop
  }

  func add(_ connection: HTTP2ConnectionHandler) {
    dirty.append(connection)
    guard !isScheduled else { return }
    isScheduled = true
    eventLoop.assumeIsolated().execute { self.flush() }
  }

  private func flush() {
    // Writing on one connection gives window back on another, which is then written in the same turn.
    while let connection = dirty.popLast() {
      connection.flush()
    }
    isScheduled = false
  }
}
