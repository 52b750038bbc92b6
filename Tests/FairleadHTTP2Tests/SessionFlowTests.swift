import Testing

@testable import FairleadHTTP2

/// A proxy's two sessions between a client and a backend, as the data plane wires them.
private struct Relay {
  let front: Link
  let back: Link

  init(streamWindow: Int) throws {
    front = try Link(server: { $0.streamWindow = streamWindow })
    back = try Link(client: { $0.streamWindow = streamWindow })
    let back = back
    let front = front
    front.server.onOpen = { stream in
      guard let onward = try? back.client.request(stream) else { return }
      onward.recorder.onEvent = { [weak stream] upstream, event in
        guard case .headers(.response, _)? = event, let stream else { return }
        front.server.respond(on: stream, upstream.receivedEnd ? nil : upstream)
      }
    }
  }

  func pump() throws {
    for _ in 0..<4 {
      try front.pump()
      try back.pump()
    }
  }

  func close() {
    front.server.onOpen = nil
    front.close()
    back.close()
  }
}

@Suite("A session's flow control")
struct SessionFlowTests {
  private let window = 100_000

  private func dataSent(_ side: Side, on stream: UInt32) -> Int {
    side.sentFrames(.data, on: stream).reduce(0) { $0 + $1.payload.count }
  }

  private func credit(_ side: Side, on stream: UInt32) -> Int {
    side.sentFrames(.windowUpdate, on: stream).compactMap(\.increment).reduce(0, +)
  }

  @Test("stops the sender at exactly the stream's window while nobody takes anything")
  func exactWindow() throws {
    let link = try Link(server: { $0.streamWindow = window })
    defer { link.close() }
    let body = HTTP2Stream.source(Array(repeating: 7, count: window + 5000))
    _ = try link.client.request(body)
    try link.pump()
    let received = link.server.opened[0]
    #expect(dataSent(link.client, on: 1) == window)
    #expect(received.received.count == window)
    #expect(body.received.count == 5000)
    #expect(credit(link.server, on: 1) == 0)
  }

  @Test("gives back exactly what was taken, no more and no less")
  func givesBack() throws {
    let link = try Link(server: { $0.streamWindow = window })
    defer { link.close() }
    let total = window * 5
    let body = HTTP2Stream.source(Array(repeating: 7, count: total))
    _ = try link.client.request(body)
    try link.pump()
    let received = link.server.opened[0]
    var taken = 0
    while taken < total {
      // More than half of the window: nghttp2 holds smaller credits together.
      let count = min(window * 3 / 5, received.received.count)
      #expect(count > 0)
      taken += link.server.take(count, of: received).count
      try link.pump()
      #expect(dataSent(link.client, on: 1) <= window + taken)
      #expect(credit(link.server, on: 1) <= taken)
    }
    #expect(dataSent(link.client, on: 1) == total)
    #expect(received.bodyBytesReceived == total)
  }

  @Test("gives the connection's window back at once, so that a stalled stream stops no other")
  func connectionWindow() throws {
    let link = try Link(server: {
      $0.streamWindow = window
      $0.connectionWindow = window
    })
    defer { link.close() }
    let stalled = try (0..<5).map { _ in
      try link.client.request(.source(Array(repeating: 1, count: window + 1)))
    }
    try link.pump()
    #expect(link.server.opened.map { $0.received.count } == Array(repeating: window, count: 5))
    let free = HTTP2Stream.source(Array(repeating: 2, count: window))
    free.giveEnd()
    _ = try link.client.request(free)
    try link.pump()
    #expect(link.server.opened[5].receivedEnd)
    #expect(credit(link.server, on: 0) >= window * 5)
    #expect(stalled.allSatisfy { !$0.stream.isClosed })
  }

  @Test("of a proxy holds one window for each call when the backend takes nothing")
  func relay() throws {
    let relay = try Relay(streamWindow: window)
    defer { relay.close() }
    let body = HTTP2Stream.source(Array(repeating: 7, count: window * 20))
    _ = try relay.front.client.request(body)
    // The backend's side of the wire is not carried: its connection takes nothing.
    try relay.front.pump()
    #expect(dataSent(relay.front.client, on: 1) == window)
    #expect(relay.front.server.opened[0].received.count == window)

    // Now it is, and the backend's own window is the bound.
    try relay.pump()
    let forwarded = relay.back.server.opened[0]
    let held = SessionConfiguration().streamWindow
    #expect(forwarded.received.count == held)
    #expect(dataSent(relay.front.client, on: 1) <= held + window)
    while body.received.count > 0 {
      let before = body.received.count
      _ = relay.back.server.take(forwarded.received.count, of: forwarded)
      try relay.pump()
      #expect(body.received.count < before)
    }
    body.giveEnd()
    _ = relay.back.server.take(forwarded.received.count, of: forwarded)
    try relay.pump()
    _ = relay.back.server.take(forwarded.received.count, of: forwarded)
    #expect(forwarded.bodyBytesReceived == window * 20)
    #expect(forwarded.receivedEnd)
  }

  @Test("of a proxy brings bodies both ways whole, larger than any window")
  func relayBothWays() throws {
    let relay = try Relay(streamWindow: 65_535)
    defer { relay.close() }
    let pattern = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let body = HTTP2Stream.source(pattern)
    body.giveEnd()
    let (stream, call) = try relay.front.client.request(body)
    try relay.pump()
    let forwarded = relay.back.server.opened[0]
    let answer = HTTP2Stream.source(pattern.reversed())
    relay.back.server.respond(on: forwarded, answer)
    var up: [UInt8] = []
    var down: [UInt8] = []
    while up.count < pattern.count || down.count < pattern.count {
      let before = up.count + down.count
      up += relay.back.server.take(forwarded.received.count, of: forwarded)
      down += relay.front.client.take(stream.received.count, of: stream)
      try relay.pump()
      try #require(up.count + down.count > before, "nothing moves any more")
    }
    answer.giveEnd(trailers: [("grpc-status", "0")])
    try relay.pump()
    #expect(up == pattern)
    #expect(down == pattern.reversed())
    #expect(call.events.last == .closed(.ended))
    #expect(call.events.contains(.headers(.trailers, ["grpc-status: 0"])))
    #expect(forwarded.receivedEnd)
  }

  @Test("takes and drops what comes for a stream that nobody handles any more")
  func abandoned() throws {
    let link = try Link(server: { $0.streamWindow = window })
    defer { link.close() }
    let body = HTTP2Stream.source(Array(repeating: 7, count: window * 10))
    _ = try link.client.request(body)
    link.server.onOpen = { $0.handler = nil }
    try link.pump()
    #expect(body.received.count == 0)
    #expect(link.server.opened[0].bodyBytesReceived == 0)
    link.server.onOpen = nil
  }

  @Test("gives back what was received when the sink lets go of its source")
  func detach() throws {
    let relay = try Relay(streamWindow: window)
    defer { relay.close() }
    let body = HTTP2Stream.source(Array(repeating: 7, count: window * 2))
    _ = try relay.front.client.request(body)
    try relay.front.pump()
    let received = relay.front.server.opened[0]
    let onward = try #require(received.sink)
    onward.detachSource()
    #expect(received.sink == nil && onward.source == nil)
    try relay.front.pump()
    #expect(credit(relay.front.server, on: 1) == window)
    #expect(!received.isRewindable)
  }

  @Test("counts bytes that are sent twice, to another sink after a rewind, once")
  func rewind() throws {
    let relay = try Relay(streamWindow: window)
    defer { relay.close() }
    let body = HTTP2Stream.source(Array(repeating: 7, count: 60_000))
    let call = try relay.front.client.request(body)
    try relay.pump()
    let received = relay.front.server.opened[0]
    #expect(received.isRewindable)
    #expect(relay.back.server.opened[0].bodyBytesReceived == 60_000)
    let first = credit(relay.front.server, on: 1)
    #expect(first == 60_000)

    received.rewind()
    let other = try Link()
    defer { other.close() }
    _ = try other.client.request(received)
    try other.pump()
    try relay.front.pump()
    #expect(other.server.opened[0].bodyBytesReceived == 60_000)
    #expect(credit(relay.front.server, on: 1) == first)
    #expect(received.bodyBytesReceived == 60_000)
    // What comes now goes to the new sink alone, and stops being kept past the limit.
    body.give(Array(repeating: 8, count: 10_000))
    body.giveEnd()
    try relay.front.pump()
    try relay.back.pump()
    try other.pump()
    #expect(other.server.opened[0].bodyBytesReceived == 70_000)
    #expect(other.server.opened[0].receivedEnd)
    #expect(relay.back.server.opened[0].bodyBytesReceived == 60_000)
    #expect(!received.isRewindable)
    #expect(call.recorder.closure == nil)
  }

  @Test("resets a stream whose sender ignores the window")
  func overrun() throws {
    let server = Side(.server) { $0.streamWindow = 100 }
    defer { server.session.close() }
    try server.feed(Frame.preface + Frame.settings().bytes)
    _ = server.drain()
    try server.feed(.settingsAck, .headers(1, Frame.request))
    try server.feed(.data(1, Array(repeating: 0, count: 100)))
    try server.feed(.data(1, [0]))
    _ = server.drain()
    let code =
      server.sentFrames(.rstStream).first?.errorCode ?? server.sentFrames(.goAway).first?.errorCode
    #expect(code == ErrorCode.flowControlError.rawValue)
    #expect(server.recorders[1]?.closure == .resetByUs(.flowControlError))
    // What is over in the frame that went over is there; no more is let in.
    try server.feed(.data(1, Array(repeating: 0, count: 1000)))
    #expect(server.opened[0].bodyBytesReceived <= 101)
  }
}
