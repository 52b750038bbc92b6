import Testing

@testable import FairleadHTTP2

/// Writes down what happens on one stream, and judges it: nothing may come after the last event.
final class Recorder: StreamHandler {
  enum Event: Equatable {
    case headers(HeaderBlockKind, [String])
    case end
    case closed(StreamClosure)
  }

  /// Headers, end and closing; how data is cut is left to `bytes`.
  private(set) var events: [Event] = []
  private(set) var bytes = 0
  private(set) var closure: StreamClosure?
  /// Asked at each event, to do something in the middle of it.
  var onEvent: ((HTTP2Stream, Event?) -> Void)?

  func stream(_ stream: HTTP2Stream, didReceive kind: HeaderBlockKind) {
    let fields = (0..<stream.headers.count).map {
      "\(stream.headers.name(at: $0)): \(stream.headers.value(at: $0))"
    }
    record(.headers(kind, fields), stream)
  }

  func streamDidReceiveData(_ stream: HTTP2Stream) {
    #expect(closure == nil)
    bytes = stream.bodyBytesReceived
    onEvent?(stream, nil)
  }

  func streamDidReceiveEnd(_ stream: HTTP2Stream) {
    #expect(stream.receivedEnd)
    record(.end, stream)
  }

  func streamDidClose(_ stream: HTTP2Stream, _ closure: StreamClosure) {
    #expect(stream.isClosed)
    record(.closed(closure), stream)
    self.closure = closure
  }

  private func record(_ event: Event, _ stream: HTTP2Stream) {
    #expect(closure == nil, "\(event) came after the last event")
    events.append(event)
    onEvent?(stream, event)
  }
}
