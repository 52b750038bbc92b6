import Testing

@testable import FairleadHTTP2

@Suite("A session ends streams")
struct SessionEndingTests {
  enum EarlyAnswer: CaseIterable {
    case headersOnly
    case body
    case bodyAndTrailers
    case trailersAfterBody
  }

  @Test(
    "with NO_ERROR when the answer is complete before the request", arguments: EarlyAnswer.allCases)
  func early(answer: EarlyAnswer) throws {
    let link = try Link()
    defer { link.close() }
    let body = HTTP2Stream.source([1, 2])
    let (stream, call) = try link.client.request(body)
    try link.pump()
    try send(answer, on: link.server.opened[0], link)
    try link.pump()

    #expect(stream.receivedEnd)
    #expect(stream.receivedTrailers == (answer == .bodyAndTrailers || answer == .trailersAfterBody))
    #expect(call.closure == .resetByPeer(.noError))
    #expect(link.server.recorders[1]?.closure == .ended)
    let last = try #require(
      link.server.sentFrames.last { $0.stream == 1 && $0.kind != .windowUpdate })
    #expect(last == .rstStream(1, 0))
    #expect(link.server.sentFrames.filter(\.endsStream).count == 1)
    #expect(link.client.session.openStreams == 0 && link.server.session.openStreams == 0)
  }

  private func send(_ answer: EarlyAnswer, on stream: HTTP2Stream, _ link: Link) throws {
    switch answer {
    case .headersOnly: link.server.respond(on: stream, nil)
    case .body:
      let source = HTTP2Stream.source([1])
      source.giveEnd()
      link.server.respond(on: stream, source)
    case .bodyAndTrailers:
      let source = HTTP2Stream.source([1])
      source.giveEnd(trailers: [("grpc-status", "0")])
      link.server.respond(on: stream, source)
    case .trailersAfterBody:
      let source = HTTP2Stream.source([1])
      link.server.respond(on: stream, source)
      try link.pump()
      source.giveEnd(trailers: [("grpc-status", "0")])
    }
  }

  @Test("for both sides when the client resets", arguments: Link.Delivery.allCases)
  func clientResets(delivery: Link.Delivery) throws {
    let link = try Link(delivery)
    defer { link.close() }
    let (stream, call) = try link.client.request(.source([1]))
    try link.pump()
    link.client.session.reset(stream, .cancel)
    try link.pump()
    #expect(call.events == [.closed(.resetByUs(.cancel))])
    #expect(link.server.recorders[1]?.events == [.closed(.resetByPeer(.cancel))])
    #expect(link.client.sentFrames(.rstStream) == [.rstStream(1, 8)])
  }

  @Test("for both sides when the server resets", arguments: Link.Delivery.allCases)
  func serverResets(delivery: Link.Delivery) throws {
    let link = try Link(delivery)
    defer { link.close() }
    let (_, call) = try link.client.request(.source([1]))
    try link.pump()
    link.server.respond(on: link.server.opened[0], .source([1]))
    try link.pump()
    link.server.session.reset(link.server.opened[0], .internalError)
    try link.pump()
    #expect(call.events.last == .closed(.resetByPeer(.internalError)))
    #expect(link.server.recorders[1]?.events == [.closed(.resetByUs(.internalError))])
  }

  @Test("that were refused, and the client can tell")
  func refused() throws {
    let link = try Link()
    defer { link.close() }
    let (_, call) = try link.client.request()
    link.server.onOpen = { link.server.session.reset($0, .refusedStream) }
    try link.pump()
    #expect(call.events == [.closed(.resetByPeer(.refusedStream))])
    link.server.onOpen = nil
  }

  @Test("that were reset before they were sent, without a frame on the wire")
  func resetUnsent() throws {
    let link = try Link()
    defer { link.close() }
    let (stream, call) = try link.client.request(.source([1]))
    link.client.session.reset(stream, .cancel)
    try link.pump()
    #expect(call.events == [.closed(.resetByUs(.cancel))])
    #expect(link.server.opened.isEmpty)
    #expect(link.client.sentFrames(.headers).isEmpty)
    // The connection goes on.
    let (_, next) = try link.client.request()
    try link.pump()
    link.server.respond(on: try #require(link.server.opened.first), nil)
    try link.pump()
    #expect(next.closure == .ended)
  }

  @Test("whose message breaks the rules, and no other", arguments: Link.Delivery.allCases)
  func malformed(delivery: Link.Delivery) throws {
    let link = try Link(delivery)
    defer { link.close() }
    let body = HTTP2Stream.source([1, 2, 3])
    body.giveEnd()
    let (_, bad) = try link.client.request(body, fields: Frame.request + [("content-length", "1")])
    let (_, good) = try link.client.request()
    try link.pump()
    #expect(bad.events == [.closed(.resetByPeer(.protocolError))])
    #expect(link.server.recorders[1]?.events.last == .closed(.resetByUs(.protocolError)))
    link.server.respond(on: link.server.opened[1], nil)
    try link.pump()
    #expect(good.closure == .ended)
  }

  @Test(
    "when its peer's answer breaks off in a header block, and later blocks go to their own stream")
  func brokenHeaders() throws {
    let client = Side(.client)
    defer { client.session.close() }
    let (_, first) = try client.request()
    let (abandoned, second) = try client.request()
    let (_, third) = try client.request()
    _ = client.drain()
    abandoned.endReceived(with: HeaderBlock([("grpc-status", "4")]))
    try client.feed(
      .settings(), .headers(1, [(":status", "200"), ("UPPER", "case")]),
      .headers(3, [(":status", "299"), ("x", "y")]),
      .headers(5, [(":status", "204")], flags: Frame.endHeaders | Frame.endStream))
    #expect(abandoned.headers[.grpcStatus] == "4")
    #expect(first.events.isEmpty)
    #expect(second.events.isEmpty)
    #expect(third.events.first == .headers(.response, [":status: 204"]))
    _ = client.drain()
    #expect(first.events == [.closed(.resetByUs(.protocolError))])
  }

  @Test("in the middle of everything when it is closed", arguments: Link.Delivery.allCases)
  func close(delivery: Link.Delivery) throws {
    let link = try Link(delivery)
    let waiting = try link.client.request(.source())
    let answered = try link.client.request(.source([1]))
    try link.pump()
    link.server.respond(on: link.server.opened[1], .source([1]))
    try link.pump()
    let unsent = try link.client.request()
    link.client.session.reset(answered.stream, .cancel)
    link.close()
    for call in [waiting, answered, unsent] {
      #expect(call.recorder.closure == .connectionLost)
      #expect(call.stream.isClosed)
    }
    for (_, recorder) in link.server.recorders {
      #expect(recorder.closure == .connectionLost)
    }
    #expect(link.client.session.openStreams == 0)
    #expect(link.client.session.isFinished)
    // After the end everything is without effect.
    #expect(
      link.client.session.submitRequest(HeaderBlock(), source: .finished, handler: Recorder())
        == nil)
    #expect(!link.client.session.hasFreeStreamIDs)
    link.client.session.reset(waiting.stream, .cancel)
    link.client.session.goAway()
    link.client.session.terminate(.noError)
    link.client.session.ping()
    try link.client.feed([1, 2, 3])
    #expect(link.client.drain().isEmpty)
    link.close()
  }

  @Test("and what the peer had ended stays for its sink when the connection goes")
  func endedOutlivesConnection() throws {
    let link = try Link()
    let body = HTTP2Stream.source([1, 2, 3])
    body.giveEnd()
    _ = try link.client.request(body)
    try link.pump()
    let received = link.server.opened[0]

    let other = try Link()
    defer { other.close() }
    _ = try other.client.request(received)
    link.close()
    try other.pump()
    let forwarded = try #require(other.server.opened.first)
    #expect(other.server.take(3, of: forwarded) == [1, 2, 3])
    #expect(forwarded.receivedEnd)
  }

  @Test("and keeps nothing alive afterwards", arguments: [true, false])
  func leaks(endsFirst: Bool) throws {
    weak var session: Session?
    weak var side: Side?
    weak var stream: HTTP2Stream?
    weak var received: HTTP2Stream?
    weak var recorder: Recorder?
    weak var forwarded: HTTP2Stream?
    try {
      let link = try Link()
      let next = try Link()
      let source = HTTP2Stream.source([1])
      let call = try link.client.request(source)
      try link.pump()
      let onward = try next.client.request(link.server.opened[0])
      link.server.respond(on: link.server.opened[0], onward.stream)
      try next.pump()
      if endsFirst {
        source.giveEnd()
        try link.pump()
        try next.pump()
        next.server.respond(on: next.server.opened[0], nil)
        try next.pump()
        try link.pump()
        #expect(call.recorder.closure == .ended)
      }
      session = link.server.session
      side = link.server
      stream = call.stream
      recorder = call.recorder
      received = link.server.opened[0]
      forwarded = onward.stream
      link.close()
      next.close()
    }()
    #expect(session == nil && side == nil)
    #expect(stream == nil && received == nil && forwarded == nil)
    #expect(recorder == nil)
  }
}
