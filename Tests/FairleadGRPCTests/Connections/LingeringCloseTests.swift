import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@testable import FairleadGRPC

@Suite("The end of a connection that lingers")
struct LingeringCloseTests {
  private struct Refused: Error {}

  /// What happened, in order.
  private final class Notes: Sendable {
    private let words = Mutex<[String]>([])

    var all: [String] { words.withLock { $0 } }

    func add(_ word: String) { words.withLock { $0.append(word) } }
  }

  /// Stands for the socket: notes how it is closed. Its output closes, or does not, at once.
  private final class Socket: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer

    private let notes: Notes
    private let refusesOutput: Bool

    init(_ notes: Notes, refusesOutput: Bool) {
      self.notes = notes
      self.refusesOutput = refusesOutput
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
      switch mode {
      case .output:
        notes.add("output")
        if refusesOutput { promise?.fail(Refused()) } else { promise?.succeed(()) }
      case .all, .input:
        notes.add("\(mode)")
        context.close(mode: mode, promise: promise)
      }
    }
  }

  private struct Stage {
    let channel = EmbeddedChannel()
    let notes = Notes()

    init(refusesOutput: Bool = false) throws {
      try channel.pipeline.syncOperations.addHandlers([
        Socket(notes, refusesOutput: refusesOutput), LingeringClose(limit: .milliseconds(500)),
      ])
      try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    }

    func close() {
      channel.close().whenComplete { [notes] _ in notes.add("closed") }
    }
  }

  @Test("our side first; what comes then is for nobody; the other end's word ends it")
  func otherEnd() throws {
    let stage = try Stage()
    try stage.channel.writeInbound(ByteBuffer(string: "before"))
    stage.close()
    try stage.channel.writeInbound(ByteBuffer(string: "after"))
    #expect(try stage.channel.readInbound(as: ByteBuffer.self) == ByteBuffer(string: "before"))
    #expect(try stage.channel.readInbound(as: ByteBuffer.self) == nil)
    #expect(stage.notes.all == ["output"])
    stage.channel.pipeline.fireChannelInactive()
    #expect(stage.notes.all == ["output", "closed"])
    stage.channel.embeddedEventLoop.advanceTime(by: .seconds(1))
    #expect(stage.notes.all == ["output", "closed"])
  }

  @Test("is not waited for longer than the limit")
  func limit() throws {
    let stage = try Stage()
    stage.close()
    stage.channel.embeddedEventLoop.advanceTime(by: .milliseconds(499))
    #expect(stage.notes.all == ["output"])
    stage.channel.embeddedEventLoop.advanceTime(by: .milliseconds(1))
    #expect(stage.notes.all == ["output", "all", "closed"])
  }

  @Test("comes at once when it is asked for again")
  func twice() throws {
    let stage = try Stage()
    stage.close()
    stage.channel.close(promise: nil)
    #expect(stage.notes.all == ["output", "all", "closed"])
  }

  @Test("is no matter for a connection that is cut, before it closes or while it does")
  func cut() throws {
    for isClosing in [false, true] {
      let stage = try Stage()
      if isClosing { stage.close() }
      stage.channel.triggerUserOutboundEvent(LingeringClose.Cut(), promise: nil)
      #expect(stage.notes.all == (isClosing ? ["output", "all", "closed"] : ["all"]))
    }
  }

  @Test("comes at once when our side cannot be closed alone, or nobody is connected")
  func notHalf() throws {
    let stage = try Stage(refusesOutput: true)
    stage.close()
    #expect(stage.notes.all == ["output", "all", "closed"])
  }
}
