import Testing

@testable import FairleadHTTP2

@Suite("A session's limits")
struct SessionLimitTests {
  private let enhanceYourCalm: UInt32 = 0xB

  /// A server that a client has greeted.
  private func server(_ change: (inout SessionConfiguration) -> Void = { _ in }) throws -> Side {
    let server = Side(.server, change)
    try server.feed(Frame.preface + Frame.settings().bytes)
    _ = server.drain()
    return server
  }

  /// Feeds until the session says that it is over; how many feeds it took.
  private func feeds(
    until limit: SessionLimit, of side: Side, at most: Int, _ frames: (Int) -> [Frame]
  ) -> Int {
    for count in 1...most {
      do {
        try side.feed(frames(count).flatMap(\.bytes))
      } catch {
        #expect(error as? Session.ReceiveError == .limit(limit))
        return count
      }
      if limit != .queuedAcks {
        _ = side.drain()
      }
    }
    Issue.record("the limit was not reached")
    return most
  }

  private func expectCalm(_ side: Side, _ limit: SessionLimit) {
    #expect(side.session.exceededLimit == limit)
    #expect(side.events.filter { $0 == .exceeded(limit) }.count == 1)
    _ = side.drain()
    let goAway = side.sentFrames(.goAway)
    #expect(goAway.count == 1)
    #expect(goAway.first?.errorCode == enhanceYourCalm)
    #expect(side.session.isFinished)
    side.session.close()
  }

  @Test("announce themselves in SETTINGS")
  func settings() {
    let server = Side(.server) {
      $0.maxConcurrentStreams = 7
      $0.streamWindow = 70_000
      $0.maxHeaderListSize = 5000
    }
    defer { server.session.close() }
    _ = server.drain()
    let payload = server.sentFrames(.settings)[0].payload
    let values = stride(from: 0, to: payload.count, by: 6).map {
      [Frame.number(payload[$0..<$0 + 2]), Frame.number(payload[$0 + 2..<$0 + 6])]
    }
    #expect(values.contains([3, 7]))
    #expect(values.contains([4, 70_000]))
    #expect(values.contains([6, 5000]))
    #expect(server.sentFrames(.windowUpdate, on: 0).first?.increment == 1024 * 1024 - 65_535)
  }

  @Test("of streams end a connection whose client has agreed to them")
  func agreedStreams() throws {
    let server = try server { $0.maxConcurrentStreams = 2 }
    try server.feed(.settingsAck)
    for stream: UInt32 in [1, 3, 5] {
      try server.feed(.headers(stream, Frame.request))
    }
    _ = server.drain()
    #expect(server.sentFrames(.goAway).first?.errorCode == ErrorCode.protocolError.rawValue)
    #expect(server.opened.count == 2)
    server.session.close()
  }

  @Test("of streams refuse one too many of a client that does not know them yet")
  func streams() throws {
    let server = try server { $0.maxConcurrentStreams = 2 }
    defer { server.session.close() }
    for stream: UInt32 in [1, 3, 5] {
      try server.feed(.headers(stream, Frame.request))
    }
    _ = server.drain()
    #expect(server.sentFrames(.rstStream) == [.rstStream(5, 7)])
    #expect(server.session.openStreams == 2)
  }

  @Test("of a header list mark the stream, and the connection goes on")
  func headerList() throws {
    let server = try server { $0.maxHeaderListSize = 1000 }
    defer { server.session.close() }
    let large = Frame.request + [("x-large", String(repeating: "a", count: 900))]
    try server.feed(.headers(1, large), .headers(3, Frame.request))
    #expect(server.opened.map(\.headersOverflowed) == [true, false])
    #expect(server.opened[0].headers.listSize <= 1000)
    #expect(server.opened[1].headers.count == Frame.request.count)
  }

  @Test("of an abusive header list end the connection")
  func abusiveHeaderList() throws {
    let server = try server {
      $0.maxHeaderListSize = 1000
      $0.abusiveHeaderListSize = 4000
    }
    let part = [("x-large", String(repeating: "a", count: 900))]
    let frames = (0..<20).map { number in
      var frame = Frame.headers(1, (number == 0 ? Frame.request : []) + part, flags: 0)
      frame.kind = number == 0 ? .headers : .continuation
      return frame
    }
    #expect(throws: Session.ReceiveError.limit(.headerList)) {
      for frame in frames.prefix(7) {
        try server.feed(frame)
      }
    }
    expectCalm(server, .headerList)
  }

  @Test("of an abusive header list count each block anew")
  func headerListBlocks() throws {
    let server = try server {
      $0.maxHeaderListSize = 1000
      $0.abusiveHeaderListSize = 4000
    }
    defer { server.session.close() }
    let large = Frame.request + [("x-large", String(repeating: "a", count: 3000))]
    for stream: UInt32 in [1, 3, 5, 7] {
      try server.feed(.headers(stream, large))
    }
    #expect(server.opened.count == 4)
    // Blocks that are broken off do not add up either.
    for stream: UInt32 in [9, 11, 13, 15] {
      try server.feed(.headers(stream, large + [("UPPER", "")]))
    }
    #expect(server.session.exceededLimit == nil)
  }

  @Test("of resets end the connection (RFC 9113 §10.5)")
  func resets() throws {
    let server = try server { $0.resets = FrameBudget(burst: 5, perSecond: 1) }
    let count = feeds(until: .resets, of: server, at: 10) {
      [.headers(UInt32(2 * $0 - 1), Frame.request), .rstStream(UInt32(2 * $0 - 1), 8)]
    }
    #expect(count == 6)
    expectCalm(server, .resets)
  }

  @Test("of resets count those that the peer makes us send")
  func provokedResets() throws {
    let server = try server { $0.resets = FrameBudget(burst: 5, perSecond: 1) }
    let count = feeds(until: .resets, of: server, at: 20) {
      [.headers(UInt32(2 * $0 - 1), Frame.request + [("connection", "close")])]
    }
    #expect(count == 6)
    expectCalm(server, .resets)
  }

  @Test("of resets earn with time")
  func resetsEarn() throws {
    let server = try server { $0.resets = FrameBudget(burst: 5, perSecond: 10) }
    defer { server.session.close() }
    for number: UInt32 in 0..<50 {
      server.now += 100_000_000
      try server.feed(
        .headers(2 * number + 1, Frame.request), .rstStream(2 * number + 1, 8))
      _ = server.drain()
    }
    #expect(server.session.exceededLimit == nil)
  }

  @Test(
    "of control frames end the connection",
    arguments: [
      Frame.ping, .settings(), .data(1, []),
      Frame(kind: .priority, stream: 1, payload: [0, 0, 0, 3, 0]),
    ])
  func controlFrames(frame: Frame) throws {
    let server = try server { $0.controlFrames = FrameBudget(burst: 20, perSecond: 1) }
    try server.feed(.headers(1, Frame.request))
    // The SETTINGS that begin the connection are one of them.
    let count = feeds(until: .controlFrames, of: server, at: 40) { _ in [frame] }
    #expect(count == 20)
    expectCalm(server, .controlFrames)
  }

  @Test(
    "of answers that the peer does not read end the connection",
    arguments: [Frame.ping, .settings()])
  func queuedAcks(frame: Frame) throws {
    let server = try server { $0.maxQueuedAcks = 10 }
    let count = feeds(until: .queuedAcks, of: server, at: 20) { _ in [frame] }
    #expect(count == 11)
    #expect(server.session.exceededLimit == .queuedAcks)
    #expect(server.events.filter { $0 == .exceeded(.queuedAcks) }.count == 1)
    server.session.close()
  }

  @Test("once reached, let nothing more be received")
  func afterwards() throws {
    let server = try server { $0.controlFrames = FrameBudget(burst: 1, perSecond: 0) }
    #expect(throws: Session.ReceiveError.limit(.controlFrames)) { try server.feed(.ping) }
    #expect(throws: Session.ReceiveError.limit(.controlFrames)) {
      try server.feed(.headers(1, Frame.request))
    }
    #expect(server.opened.isEmpty)
    server.session.close()
  }

  @Test("say by their names what they are")
  func names() {
    #expect(
      SessionLimit.allCases.map(\.rawValue) == [
        "resets", "control_frames", "queued_acks", "header_list", "continuations",
      ])
  }
}
