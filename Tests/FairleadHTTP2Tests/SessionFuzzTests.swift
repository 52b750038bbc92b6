import FairleadTestSupport
import NIOCore
import Testing

@testable import FairleadHTTP2

/// Bytes that no peer should send. Nothing may crash, and every stream gets exactly one last event, which the recorders
/// judge.
@Suite("A session withstands")
struct SessionFuzzTests {
  /// What a client says that makes all kinds of calls.
  private static func clientBytes() throws -> [UInt8] {
    let link = try Link()
    defer { link.close() }
    for number in 0..<6 {
      let body = HTTP2Stream.source(Array(repeating: UInt8(number), count: number * 100))
      let call = try link.client.request(body)
      try link.pump()
      switch number % 3 {
      case 0: body.giveEnd()
      case 1: body.giveEnd(trailers: [("x-sum", "1")])
      default: link.client.session.reset(call.stream, .cancel)
      }
      try link.pump()
      link.client.session.ping()
    }
    try link.pump()
    return link.client.sent
  }

  /// What a server says to six calls, of which it ends each in another way.
  private static func serverBytes() throws -> [UInt8] {
    let link = try Link()
    defer { link.close() }
    for _ in 0..<6 {
      _ = try link.client.request(.source([1, 2, 3]))
    }
    try link.pump()
    for (number, stream) in link.server.opened.enumerated() {
      let answer = HTTP2Stream.source(Array(repeating: UInt8(number), count: number * 100))
      link.server.session.submitInformational(HeaderBlock([(":status", "103")]), on: stream)
      switch number % 3 {
      case 0:
        answer.giveEnd(trailers: [("grpc-status", "0")])
        link.server.respond(on: stream, answer)
      case 1: link.server.respond(on: stream, nil)
      default: link.server.session.reset(stream, .refusedStream)
      }
      try link.pump()
    }
    link.server.session.ping()
    link.server.session.goAway()
    try link.pump()
    return link.server.sent
  }

  private func mutated(_ bytes: [UInt8], _ random: inout SeededRandom) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...6, using: &random) {
      let place = Int.random(in: 0..<bytes.count, using: &random)
      switch Int.random(in: 0..<6, using: &random) {
      case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
      case 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 2:
        bytes.removeSubrange(
          place..<min(bytes.count, place + Int.random(in: 1...20, using: &random)))
      case 3:
        let length = Int.random(in: 1...60, using: &random)
        bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + length)], at: place)
      case 4: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
      default: bytes.removeLast(min(bytes.count - 1, Int.random(in: 1...40, using: &random)))
      }
    }
    return bytes
  }

  /// Whole frames in another order, some twice, some left out.
  private func shuffled(_ bytes: [UInt8], _ random: inout SeededRandom) -> [UInt8] {
    var frames = Frame.parse(bytes)
    for _ in 0..<Int.random(in: 1...5, using: &random) {
      let frame = frames[Int.random(in: 0..<frames.count, using: &random)]
      let place = Int.random(in: 0..<frames.count, using: &random)
      switch Int.random(in: 0..<3, using: &random) {
      case 0: frames.insert(frame, at: place)
      case 1: frames.remove(at: place)
      default: frames.swapAt(place, Int.random(in: 0..<frames.count, using: &random))
      }
    }
    return frames.flatMap(\.bytes)
  }

  /// Feeds in pieces of random length; a server answers its streams in the midst of it.
  private func run(_ side: Side, _ bytes: [UInt8], _ random: inout SeededRandom) {
    var calls: [Recorder] = []
    var sources: [HTTP2Stream] = []
    if side.session.role == .client {
      for number in 0..<6 {
        let source = HTTP2Stream.source([1, 2, 3])
        if number.isMultiple(of: 2) { source.giveEnd() }
        sources.append(source)
        if let call = try? side.request(source) { calls.append(call.recorder) }
      }
    } else {
      side.onOpen = { [unowned side] stream in
        if stream.id % 3 == 0 { side.session.reset(stream, .refusedStream) }
        if stream.id % 3 == 1 { side.respond(on: stream, stream) }
      }
    }
    var rest = bytes[...]
    do {
      while !rest.isEmpty {
        let piece = rest.prefix(Int.random(in: 1...200, using: &random))
        rest = rest.dropFirst(piece.count)
        try side.feed(Array(piece))
        if Bool.random(using: &random) { _ = side.drain() }
        for stream in side.opened where !stream.isClosed && stream.sink == nil {
          _ = side.take(stream.received.count, of: stream)
        }
      }
    } catch {
      _ = side.drain()
      #expect(side.session.isFinished)
      #expect(side.session.exceededLimit != nil || side.session.violation != nil)
    }
    _ = side.drain()
    side.session.close()
    side.onOpen = nil
    for recorder in calls + side.recorders.values {
      #expect(recorder.closure != nil)
    }
  }

  @Test("a client's bytes with faults in them", arguments: 0..<8)
  func client(part: Int) throws {
    let valid = try Self.clientBytes()
    var random = SeededRandom(seed: UInt64(part))
    for _ in 0..<150 {
      run(Side(.server), mutated(valid, &random), &random)
      run(Side(.server), Frame.preface + shuffled(valid, &random), &random)
    }
  }

  @Test("a server's bytes with faults in them", arguments: 0..<8)
  func server(part: Int) throws {
    let valid = try Self.serverBytes()
    var random = SeededRandom(seed: UInt64(100 + part))
    for _ in 0..<150 {
      run(Side(.client), mutated(valid, &random), &random)
      run(Side(.client), shuffled(valid, &random), &random)
    }
  }

  @Test("random bytes", arguments: [Session.Role.client, .server])
  func noise(role: Session.Role) {
    var random = SeededRandom(seed: 5)
    for round in 0..<500 {
      let noise = (0..<Int.random(in: 1...300, using: &random)).map { _ in
        UInt8.random(in: 0...255, using: &random)
      }
      run(Side(role), (role == .server && round % 4 > 0 ? Frame.preface : []) + noise, &random)
    }
  }

  @Test("random frames", arguments: [Session.Role.client, .server])
  func frames(role: Session.Role) {
    var random = SeededRandom(seed: 6)
    for _ in 0..<500 {
      var bytes = (role == .server ? Frame.preface : []) + Frame.settings().bytes
      for _ in 0..<20 {
        let kind = Frame.Kind(rawValue: UInt8.random(in: 0...9, using: &random)) ?? .data
        let payload = (0..<[0, 1, 4, 5, 8, 30].randomElement(using: &random)!).map { _ in
          UInt8.random(in: 0...255, using: &random)
        }
        bytes +=
          Frame(
            kind: kind, flags: UInt8.random(in: 0...255, using: &random) & 0x2D,
            stream: UInt32.random(in: 0...12, using: &random), payload: payload
          ).bytes
      }
      run(Side(role), bytes, &random)
    }
  }

  @Test("bytes that are not HTTP/2, and says so")
  func notHTTP2() {
    for text in ["GET / HTTP/1.1\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n", "\u{16}\u{3}\u{1}"] {
      let server = Side(.server)
      #expect(throws: Session.ReceiveError.badPreface) {
        try server.feed(Array(text.utf8) + Array(repeating: 0, count: 24))
      }
      server.session.close()
    }
  }

  @Test("a frame that breaks the connection's rules, with GOAWAY and its code")
  func connectionError() throws {
    let cases: [(Frame, ErrorCode)] = [
      (.data(0, [1]), .protocolError),
      (.headers(2, Frame.request), .protocolError),
      (Frame(kind: .ping, payload: [1]), .frameSizeError),
      (.windowUpdate(0, 0), .protocolError),
      (.windowUpdate(0, .max >> 1), .flowControlError),
      (
        Frame(kind: .headers, flags: Frame.endHeaders, stream: 1, payload: [0xFF]),
        .compressionError
      ),
      (.settings([(4, .max)]), .flowControlError),
      (.rstStream(9, 0), .protocolError),
    ]
    for (frame, code) in cases {
      let server = Side(.server)
      try server.feed(Frame.preface + Frame.settings().bytes)
      _ = server.drain()
      try? server.feed(frame)
      _ = server.drain()
      #expect(server.sentFrames(.goAway).map(\.errorCode) == [code.rawValue], "\(frame)")
      #expect(server.session.isFinished)
      #expect(server.session.violation == code, "\(frame)")
      server.session.close()
    }
  }
}
