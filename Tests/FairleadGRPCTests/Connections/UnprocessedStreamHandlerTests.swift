import FairleadBalancing
import GRPCCore
import NIOCore
import NIOEmbedded
import NIOHPACK
import NIOHTTP2
import Synchronization
import Testing

@testable import FairleadGRPC

@Suite("A stream that its server has not processed")
struct UnprocessedStreamHandlerTests {
  private typealias Payload = HTTP2Frame.FramePayload

  /// A stream with a number, and what its call is told.
  private struct Stage {
    let channel = EmbeddedChannel()
    let goAway = GoAwayFlag()
    let mark = UnprocessedMark(random: RandomSource(seed: 1))

    init(stream: HTTP2StreamID = 5, isSecure: Bool = false) throws {
      let handler = UnprocessedStreamHandler(mark: mark, goAway: goAway, isSecure: isSecure)
      try channel.pipeline.syncOperations.addHandler(handler)
      try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
      try channel.setOption(HTTP2StreamChannelOptions.streamID, value: stream).wait()
    }

    /// What the call sees, in words; the codes of resets.
    func seen() throws -> [String] {
      var words: [String] = []
      while let payload = try channel.readInbound(as: Payload.self) {
        switch payload {
        case .rstStream(mark.code(.refused)): words.append("refused")
        case .rstStream(mark.code(.unsent)): words.append("unsent")
        case .rstStream: words.append("reset")
        case .headers: words.append("headers")
        default: words.append("other")
        }
      }
      return words
    }

    /// An error of the stream, which the transport sees as well.
    func fail(_ error: any Error) {
      channel.pipeline.fireErrorCaught(error)
      #expect(throws: (any Error).self) { try channel.throwIfErrorCaught() }
    }
  }

  @Test("is marked when it is refused")
  func refused() throws {
    let stage = try Stage()
    try stage.channel.writeInbound(Payload.rstStream(.refusedStream))
    #expect(try stage.seen() == ["refused"])
    // The end that follows is no second answer.
    stage.fail(NIOHTTP2Errors.streamClosed(streamID: 5, errorCode: .refusedStream))
    try stage.channel.close().wait()
    #expect(try stage.seen() == [])
  }

  @Test(
    "is another thing than one that was reset for another reason",
    arguments: [HTTP2ErrorCode.cancel, .noError, .internalError, .enhanceYourCalm])
  func reset(code: HTTP2ErrorCode) throws {
    let stage = try Stage()
    try stage.channel.writeInbound(Payload.rstStream(code))
    #expect(try stage.seen() == ["reset"])
  }

  @Test("is another thing than one whose response has begun")
  func refusedAfterHeaders() throws {
    let stage = try Stage()
    try stage.channel.writeInbound(Payload.headers(.init(headers: [":status": "200"])))
    try stage.channel.writeInbound(Payload.rstStream(.refusedStream))
    #expect(try stage.seen() == ["headers", "reset"])
    stage.fail(NIOHTTP2Errors.streamClosed(streamID: 5, errorCode: .refusedStream))
    #expect(try stage.seen() == [])
  }

  @Test("is marked when a GOAWAY leaves it out")
  func leftOut() throws {
    let stage = try Stage()
    stage.fail(NIOHTTP2Errors.streamClosed(streamID: 5, errorCode: .refusedStream))
    #expect(try stage.seen() == ["refused"])
  }

  @Test("is another thing than one that its own caller ended with an error")
  func ownError() throws {
    let stage = try Stage()
    stage.fail(RPCError(code: .dataLoss, message: "our own"))
    stage.fail(NIOHTTP2Errors.streamClosed(streamID: 5, errorCode: .refusedStream))
    #expect(try stage.seen() == [])
  }

  @Test("is marked when a GOAWAY leaves it out, as NIO tells it: as if it had been cancelled")
  func leftOutAsCancelled() throws {
    for (last, seen) in [(HTTP2StreamID(3), ["refused"]), (5, [])] {
      let stage = try Stage(stream: 5)
      stage.goAway.set(last: last)
      stage.fail(NIOHTTP2Errors.streamClosed(streamID: 5, errorCode: .cancel))
      #expect(try stage.seen() == seen)
    }
  }

  @Test("is marked when its connection ends after it refused an earlier one")
  func refusedWithoutAWord() throws {
    let stage = try Stage(stream: 7)
    stage.goAway.set()
    stage.goAway.refused(5)
    stage.fail(ChannelError.ioOnClosedChannel)
    #expect(try stage.seen() == ["refused"])
  }

  @Test("tells the later streams of its connection that it was refused")
  func tellsOthers() throws {
    let stage = try Stage(stream: 5)
    stage.goAway.set()
    try stage.channel.writeInbound(Payload.rstStream(.refusedStream))
    #expect(stage.goAway.hasRefused(7))
    #expect(!stage.goAway.hasRefused(3))
  }

  @Test("is another thing than one that was sent when its connection ends: nobody knows then")
  func lostConnection() throws {
    let stage = try Stage(stream: 3)
    stage.goAway.set()
    stage.goAway.refused(5)
    stage.fail(ChannelError.ioOnClosedChannel)
    stage.fail(NIOHTTP2Errors.streamClosed(streamID: 3, errorCode: .cancel))
    #expect(try stage.seen() == [])
  }

  @Test("is not even sent after a GOAWAY, as NIO would close the whole connection over it")
  func notSent() throws {
    let connection = EmbeddedChannel()
    let multiplexer = try connection.pipeline.syncOperations.configureHTTP2Pipeline(
      mode: .client, connectionConfiguration: .init(), streamConfiguration: .init()
    ) { stream in
      stream.eventLoop.makeSucceededVoidFuture()
    }
    try connection.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    let (goAway, mark) = (GoAwayFlag(), UnprocessedMark(random: RandomSource(seed: 1)))
    let seen = SeenResets()
    let promise = connection.eventLoop.makePromise(of: (any Channel).self)
    multiplexer.createStreamChannel(promise: promise) { stream in
      stream.eventLoop.makeCompletedFuture {
        try stream.pipeline.syncOperations.addHandlers([
          UnprocessedStreamHandler(mark: mark, goAway: goAway, isSecure: false), seen,
        ])
      }
    }
    connection.embeddedEventLoop.run()
    let stream = try promise.futureResult.wait()
    while try connection.readOutbound(as: ByteBuffer.self) != nil {}

    goAway.set()
    let written = stream.writeAndFlush(
      Payload.headers(.init(headers: [":method": "POST", ":path": "/", ":scheme": "http"])))
    connection.embeddedEventLoop.run()
    #expect(throws: (any Error).self) { try written.wait() }
    #expect(seen.codes == [mark.code(.unsent)])
    #expect(try connection.readOutbound(as: ByteBuffer.self) == nil, "nothing left")
    #expect(connection.isActive)
    _ = try? connection.finish()
  }

  @Test("sends on after a GOAWAY when it has begun before")
  func sendsOn() throws {
    let stage = try Stage()
    stage.goAway.set()
    try stage.channel.writeOutbound(Payload.headers(.init(headers: ["a": "b"])))
    #expect(try stage.channel.readOutbound(as: Payload.self) != nil)
    #expect(try stage.seen() == [])
  }

  @Test("names its scheme: https over TLS", arguments: [(false, "http"), (true, "https")])
  func scheme(isSecure: Bool, expected: String) throws {
    let stage = try Stage(isSecure: isSecure)
    let headers: HPACKHeaders = [
      ":method": "POST", ":scheme": "http", ":path": "/a/b", "te": "trailers",
    ]
    try stage.channel.writeOutbound(Payload.headers(.init(headers: headers)))
    guard case .headers(let sent) = try stage.channel.readOutbound(as: Payload.self) else {
      return #expect(Bool(false), "no headers were sent")
    }
    #expect(sent.headers[":scheme"] == [expected])
    #expect(sent.headers.map(\.name) == [":method", ":scheme", ":path", "te"])
  }
}

/// Notes the codes of resets.
private final class SeenResets: ChannelInboundHandler, Sendable {
  typealias InboundIn = HTTP2Frame.FramePayload

  private let seen = Mutex<[HTTP2ErrorCode]>([])

  var codes: [HTTP2ErrorCode] { seen.withLock { $0 } }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if case .rstStream(let code) = unwrapInboundIn(data) { seen.withLock { $0.append(code) } }
  }
}
