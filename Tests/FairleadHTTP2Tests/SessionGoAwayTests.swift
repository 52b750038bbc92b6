import Testing

@testable import FairleadHTTP2

@Suite("A session goes away")
struct SessionGoAwayTests {
  @Test("in two steps, and refuses nothing in between", arguments: Link.Delivery.allCases)
  func twoSteps(delivery: Link.Delivery) throws {
    let link = try Link(delivery)
    defer { link.close() }
    let first = try link.client.request(.source())
    try link.pump()
    // On its way when the first GOAWAY is sent.
    let second = try link.client.request()
    let crossing = link.client.drain()

    link.server.session.announceShutdown()
    link.server.session.ping()
    try link.pump()
    #expect(link.client.events.last == .goAway(.noError, last: .max))
    #expect(link.server.events.last == .pingAck)
    try link.server.feed(crossing)
    #expect(link.server.opened.count == 2)
    let late = try link.client.request()
    try link.pump()
    #expect(late.recorder.events == [.closed(.aboveGoAway)])
    #expect(link.server.opened.count == 2)

    link.server.session.goAway()
    try link.pump()
    #expect(link.client.events.last == .goAway(.noError, last: 3))
    #expect(!link.server.session.isFinished)
    for received in link.server.opened {
      link.server.respond(on: received, nil)
    }
    try link.pump()
    #expect(second.recorder.closure == .ended)
    #expect(first.stream.receivedEnd)
    #expect(link.server.session.isFinished)
  }

  @Test("and the peer's streams above the last one are closed as not looked at")
  func aboveGoAway() throws {
    let client = Side(.client)
    defer { client.session.close() }
    let calls = try (0..<3).map { _ in try client.request(.source([1])) }
    _ = client.drain()
    try client.feed(.settings(), .goAway(last: 3))
    #expect(calls[0].recorder.closure == nil && calls[1].recorder.closure == nil)
    #expect(calls[2].recorder.events == [.closed(.aboveGoAway)])
    #expect(client.streamsClosed == 1)
    #expect(client.session.openStreams == 2)
    try client.feed(.goAway(last: 0))
    #expect(calls[0].recorder.events == [.closed(.aboveGoAway)])
    #expect(calls[1].recorder.events == [.closed(.aboveGoAway)])
  }

  @Test("and requests that were not sent yet are closed as not looked at")
  func unsent() throws {
    let client = Side(.client)
    defer { client.session.close() }
    try client.feed(.settings())
    _ = client.drain()
    let call = try client.request(.source([1]))
    try client.feed(.goAway(last: .max >> 1))
    _ = client.drain()
    #expect(call.recorder.events == [.closed(.aboveGoAway)])
    #expect(client.sentFrames(.headers).isEmpty)
  }

  @Test(
    "with an error, and its code is on the wire", arguments: [ErrorCode.internalError, .noError])
  func terminate(code: ErrorCode) throws {
    let link = try Link()
    defer { link.close() }
    _ = try link.client.request(.source())
    try link.pump()
    link.server.session.terminate(code)
    try link.pump()
    #expect(link.client.events.last == .goAway(code, last: 1))
    #expect(link.server.session.isFinished)
  }

  @Test("and is finished when the last stream has ended")
  func clientFinishes() throws {
    let link = try Link()
    defer { link.close() }
    let (_, call) = try link.client.request()
    try link.pump()
    link.client.session.goAway()
    try link.pump()
    #expect(!link.client.session.isFinished)
    link.server.respond(on: link.server.opened[0], nil)
    try link.pump()
    #expect(call.closure == .ended)
    #expect(link.client.session.isFinished)
  }
}
