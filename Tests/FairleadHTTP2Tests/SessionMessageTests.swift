import NIOCore
import Testing

@testable import FairleadHTTP2

@Suite("A session carries messages")
struct SessionMessageTests {
  private let requestHeaders = Frame.request.map { "\($0): \($1)" }

  @Test("of a unary call, both ways", arguments: Link.Delivery.allCases)
  func unary(delivery: Link.Delivery) throws {
    let link = try Link(delivery)
    defer { link.close() }
    let body = HTTP2Stream.source([1, 2, 3])
    body.giveEnd()
    let (_, call) = try link.client.request(body)
    try link.pump()

    let received = try #require(link.server.opened.first)
    let seen = try #require(link.server.recorders[received.id])
    #expect(
      (0..<received.headers.count).map {
        "\(received.headers.name(at: $0)): \(received.headers.value(at: $0))"
      } == requestHeaders)
    #expect(seen.bytes == 3)
    #expect(link.server.take(3, of: received) == [1, 2, 3])
    #expect(seen.events == [.end])
    #expect(received.receivedEnd && !received.receivedTrailers)

    let answer = HTTP2Stream.source([4, 5])
    answer.giveEnd(trailers: [("grpc-status", "0")])
    link.server.respond(on: received, answer, fields: [("content-type", "application/grpc")])
    try link.pump()
    #expect(
      call.events == [
        .headers(.response, [":status: 200", "content-type: application/grpc"]),
        .headers(.trailers, ["grpc-status: 0"]), .end, .closed(.ended),
      ])
    #expect(call.bytes == 2)
    #expect(seen.events == [.end, .closed(.ended)])
    #expect(link.client.session.openStreams == 0 && link.server.session.openStreams == 0)
    #expect(link.client.streamsClosed == 1 && link.server.streamsClosed == 1)
  }

  @Test("of a streaming call, as they come", arguments: Link.Delivery.allCases)
  func streaming(delivery: Link.Delivery) throws {
    let link = try Link(delivery)
    defer { link.close() }
    let up = HTTP2Stream.source()
    let down = HTTP2Stream.source()
    let (stream, call) = try link.client.request(up)
    try link.pump()
    let received = try #require(link.server.opened.first)
    link.server.respond(on: received, down)
    for round in 1...20 {
      up.give([UInt8(round)])
      down.give([UInt8(round), UInt8(round)])
      try link.pump()
      #expect(received.bodyBytesReceived == round)
      #expect(call.bytes == 2 * round)
    }
    up.giveEnd()
    try link.pump()
    #expect(received.receivedEnd && !received.isClosed)
    down.giveEnd(trailers: [("grpc-status", "0")])
    try link.pump()
    #expect(call.closure == .ended)
    #expect(stream.isClosed && received.isClosed)
  }

  @Test("with trailers only", arguments: Link.Delivery.allCases)
  func trailersOnly(delivery: Link.Delivery) throws {
    let link = try Link(delivery)
    defer { link.close() }
    let (stream, call) = try link.client.request()
    try link.pump()
    link.server.respond(on: link.server.opened[0], nil, fields: [("grpc-status", "5")])
    try link.pump()
    #expect(
      call.events == [
        .headers(.response, [":status: 200", "grpc-status: 5"]), .end, .closed(.ended),
      ])
    #expect(stream.receivedEnd && !stream.receivedTrailers)
    let frames = link.server.sentFrames(.headers)
    #expect(frames.count == 1 && frames[0].endsStream)
    #expect(link.server.sentFrames(.data).isEmpty)
  }

  @Test("with informational responses before the final one", arguments: Link.Delivery.allCases)
  func informational(delivery: Link.Delivery) throws {
    let link = try Link(delivery)
    defer { link.close() }
    let (_, call) = try link.client.request()
    try link.pump()
    let received = link.server.opened[0]
    for status in ["100", "103"] {
      link.server.session.submitInformational(HeaderBlock([(":status", status)]), on: received)
    }
    try link.pump()
    link.server.respond(on: received, .finished)
    try link.pump()
    #expect(
      call.events == [
        .headers(.informational, [":status: 100"]), .headers(.informational, [":status: 103"]),
        .headers(.response, [":status: 200"]), .end, .closed(.ended),
      ])
  }

  @Test("with trailers of the request", arguments: Link.Delivery.allCases)
  func requestTrailers(delivery: Link.Delivery) throws {
    let link = try Link(delivery)
    defer { link.close() }
    let body = HTTP2Stream.source([1])
    _ = try link.client.request(body)
    try link.pump()
    body.giveEnd(trailers: [("x-sum", "1")])
    try link.pump()
    let received = link.server.opened[0]
    let seen = try #require(link.server.recorders[received.id])
    #expect(seen.events == [.headers(.trailers, ["x-sum: 1"]), .end])
    #expect(received.receivedTrailers)
  }

  @Test("that end with an empty DATA frame when the end comes late")
  func lateEnd() throws {
    let link = try Link()
    defer { link.close() }
    let body = HTTP2Stream.source()
    _ = try link.client.request(body)
    try link.pump()
    #expect(!link.server.opened[0].receivedEnd)
    body.giveEnd()
    try link.pump()
    #expect(link.server.opened[0].receivedEnd)
    #expect(link.client.sentFrames(.data) == [.data(1, [], flags: Frame.endStream)])
  }

  @Test("without a DATA frame when there is no body")
  func noBody() throws {
    let link = try Link()
    defer { link.close() }
    _ = try link.client.request(.finished)
    try link.pump()
    let headers = link.client.sentFrames(.headers)
    #expect(headers.count == 1 && headers[0].endsStream)
    #expect(link.client.sentFrames(.data).isEmpty)
  }

  @Test("in one DATA frame that ends the stream when all is there")
  func wholeBody() throws {
    let link = try Link()
    defer { link.close() }
    let body = HTTP2Stream.source([9, 9])
    body.giveEnd()
    _ = try link.client.request(body)
    try link.pump()
    #expect(link.client.sentFrames(.data) == [.data(1, [9, 9], flags: Frame.endStream)])
  }

  @Test("without an empty DATA frame between the body and the trailers")
  func trailersFrames() throws {
    let link = try Link()
    defer { link.close() }
    _ = try link.client.request()
    try link.pump()
    let answer = HTTP2Stream.source([4])
    answer.giveEnd(trailers: [("grpc-status", "0")])
    link.server.respond(on: link.server.opened[0], answer)
    try link.pump()
    let frames = link.server.sentFrames.filter { $0.stream == 1 }
    #expect(frames.map(\.kind) == [.headers, .data, .headers])
    #expect(frames.map(\.endsStream) == [false, false, true])
  }

  @Test("on many streams at once", arguments: Link.Delivery.allCases)
  func many(delivery: Link.Delivery) throws {
    let link = try Link(delivery)
    defer { link.close() }
    let calls = try (0..<100).map { number in
      let body = HTTP2Stream.source(Array(repeating: UInt8(number), count: number + 1))
      body.giveEnd()
      return try link.client.request(body)
    }
    try link.pump()
    #expect(link.server.opened.count == 100)
    for (number, received) in link.server.opened.enumerated().reversed() {
      #expect(link.server.take(number + 1, of: received).allSatisfy { $0 == UInt8(number) })
      let answer = HTTP2Stream.source([UInt8(number)])
      answer.giveEnd()
      link.server.respond(on: received, answer)
    }
    try link.pump()
    for (number, call) in calls.enumerated() {
      #expect(call.recorder.closure == .ended)
      #expect(link.client.take(1, of: call.stream) == [UInt8(number)])
    }
  }

  @Test("of a request whose body is known from the start, over and over")
  func knownBody() throws {
    let link = try Link()
    defer { link.close() }
    // More than is kept of a body that may have to be sent again.
    let bytes = [UInt8](repeating: 7, count: 100_000)
    let body = HTTP2Stream(holding: bytes)
    for round in 0..<3 {
      #expect(body.hasUntakenBytes)
      let (_, call) = try link.client.request(body)
      try link.pump()
      let received = link.server.opened[round]
      #expect(!body.hasUntakenBytes)
      #expect(received.receivedEnd)
      #expect(link.server.take(received.bodyBytesReceived, of: received) == bytes)
      link.server.respond(on: received, nil, fields: [("grpc-status", "0")])
      try link.pump()
      #expect(call.events.last == .closed(.ended))
      body.rewind()
    }
  }

  @Test("of which a client may let the body go, with windows kept open")
  func droppedBody() throws {
    let link = try Link(client: { $0.streamWindow = 1000 })
    defer { link.close() }
    let (stream, call) = try link.client.request()
    stream.dropsBody = true
    try link.pump()
    let received = try #require(link.server.opened.first)
    let answer = HTTP2Stream.source([UInt8](repeating: 1, count: 10_000))
    answer.giveEnd(trailers: [("grpc-status", "0"), ("x-pod", "one")])
    link.server.respond(on: received, answer)
    try link.pump()
    #expect(stream.bodyBytesReceived == 10_000)
    #expect(!stream.hasUntakenBytes)
    #expect(call.events.last == .closed(.ended))
    #expect(stream.headers.firstIndex(named: Array("x-pod".utf8)) == 1)
    #expect(stream.headers.firstIndex(named: Array("x-po".utf8)) == nil)
  }

  @Test("whose body a client takes piece by piece")
  func takenBody() throws {
    let link = try Link(client: { $0.streamWindow = 1000 })
    defer { link.close() }
    let (stream, _) = try link.client.request()
    try link.pump()
    let received = try #require(link.server.opened.first)
    let answer = HTTP2Stream.source([UInt8](repeating: 1, count: 1500))
    answer.giveEnd()
    link.server.respond(on: received, answer)
    try link.pump()
    var taken = ByteBuffer()
    stream.takeReceived(into: &taken)
    #expect(taken.readableBytes == 1000)
    try link.pump()
    stream.takeReceived(into: &taken)
    #expect(taken.readableBytes == 1500)
  }
}
