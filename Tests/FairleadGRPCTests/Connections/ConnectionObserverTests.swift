import Foundation
import NIOCore
import NIOEmbedded
import NIOHTTP2
import NIOSSL
import Synchronization
import Testing

@testable import FairleadGRPC

@Suite("What a connection tells its channel")
struct ConnectionObserverTests {
  /// A connection whose frames the test brings in.
  private struct Stage {
    let channel = EmbeddedChannel()
    let goAway = GoAwayFlag()
    let heard = Notes()

    init() throws {
      let observer = ConnectionObserver(goAway: goAway) { [heard] in heard.add($0) }
      try channel.pipeline.syncOperations.addHandler(observer)
      try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    }

    func receive(_ payload: HTTP2Frame.FramePayload, on stream: HTTP2StreamID = .rootStream) throws
    {
      try channel.writeInbound(HTTP2Frame(streamID: stream, payload: payload))
    }

    /// How many frames went on to the transport.
    func passed() throws -> Int {
      var count = 0
      while try channel.readInbound(as: HTTP2Frame.self) != nil { count += 1 }
      return count
    }
  }

  private final class Notes: Sendable {
    private let words = Mutex<[String]>([])

    var all: [String] { words.withLock { $0 } }

    func add(_ news: ConnectionNews) {
      let word =
        switch news {
        case .settings(let limit): "limit \(limit)"
        case .lost(let reason, _): "lost: \(reason)"
        }
      words.withLock { $0.append(word) }
    }
  }

  @Test("the limit of streams in the peer's SETTINGS, and its changes")
  func limit() throws {
    let stage = try Stage()
    try stage.receive(
      .settings(
        .settings([
          HTTP2Setting(parameter: .initialWindowSize, value: 1000),
          HTTP2Setting(parameter: .maxConcurrentStreams, value: 7),
        ])))
    try stage.receive(
      .settings(.settings([HTTP2Setting(parameter: .maxConcurrentStreams, value: 0)])))
    #expect(stage.heard.all == ["limit 7", "limit 0"])
    #expect(try stage.passed() == 2)
  }

  @Test("that NIO allows 100 streams to a peer that names no limit")
  func noLimit() throws {
    let stage = try Stage()
    try stage.receive(.settings(.settings([])))
    #expect(stage.heard.all == ["limit 100"])
    // One that it named before stays.
    try stage.receive(
      .settings(.settings([HTTP2Setting(parameter: .maxConcurrentStreams, value: 5)])))
    try stage.receive(.settings(.settings([])))
    #expect(stage.heard.all == ["limit 100", "limit 5", "limit 5"])
  }

  @Test("no settings for an acknowledgement of ours, and nothing for frames of calls")
  func others() throws {
    let stage = try Stage()
    try stage.receive(.settings(.ack))
    try stage.receive(.ping(HTTP2PingData(), ack: false))
    try stage.receive(.headers(.init(headers: [:])), on: 1)
    try stage.receive(.data(.init(data: .byteBuffer(ByteBuffer()))), on: 1)
    try stage.receive(.rstStream(.cancel), on: 1)
    #expect(stage.heard.all.isEmpty)
    #expect(try stage.passed() == 5)
  }

  @Test("the first GOAWAY, with its reason; not the second, nor the end that follows")
  func goAway() throws {
    let stage = try Stage()
    #expect(!stage.goAway.isSet)
    let debugData = ByteBuffer(string: "max_age")
    try stage.receive(
      .goAway(lastStreamID: .maxID, errorCode: .noError, opaqueData: debugData))
    #expect(stage.goAway.isSet)
    try stage.receive(.goAway(lastStreamID: 3, errorCode: .noError, opaqueData: nil))
    #expect(try stage.passed() == 2)
    try stage.channel.close().wait()
    #expect(stage.heard.all.count == 1)
    let word = try #require(stage.heard.all.first)
    #expect(word == "lost: the server said GOAWAY (NO_ERROR, max_age)")
  }

  @Test("no more of a GOAWAY's words than fit a log")
  func longGoAway() throws {
    let stage = try Stage()
    let debugData = ByteBuffer(string: String(repeating: "x", count: 10_000))
    try stage.receive(.goAway(lastStreamID: 1, errorCode: .noError, opaqueData: debugData))
    #expect((200..<300).contains(stage.heard.all.first?.count ?? 0))
  }

  @Test("that it was closed, once")
  func closed() throws {
    let stage = try Stage()
    try stage.channel.close().wait()
    #expect(
      stage.heard.all == [
        "lost: it closed the connection before it spoke HTTP/2; check the port, and whether it wants TLS "
          + "or a client certificate"
      ])
    #expect(!stage.goAway.isSet)
  }

  @Test("that it was closed after it was in use")
  func closedLater() throws {
    let stage = try Stage()
    try stage.receive(.settings(.settings([])))
    try stage.channel.close().wait()
    #expect(stage.heard.all.last == "lost: the connection was closed")
  }

  @Test("why it was closed: the first error that is not of one stream alone")
  func error() throws {
    let stage = try Stage()
    let errors: [any Error] = [
      NIOSSLError.uncleanShutdown,
      NIOHTTP2Errors.streamError(streamID: 1, baseError: ChannelError.ioOnClosedChannel),
      IOError(errnoCode: ECONNRESET, reason: "read"),
      ChannelError.ioOnClosedChannel,
    ]
    for error in errors {
      stage.channel.pipeline.fireErrorCaught(error)
      #expect(throws: (any Error).self, "the transport sees it, too") {
        try stage.channel.throwIfErrorCaught()
      }
    }
    try stage.channel.close().wait()
    #expect(stage.heard.all == ["lost: connection reset by peer"])
  }
}
