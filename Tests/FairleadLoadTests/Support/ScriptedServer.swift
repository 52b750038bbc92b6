import FairleadHTTP2
import NIOCore
import NIOPosix
import Synchronization

/// An HTTP/2 server that does with each call what a test says.
final class ScriptedServer: Sendable {
  enum Reaction: Sendable {
    /// These headers, with `:status 200` before them, and no body.
    case answer([(String, String)])
    /// RST_STREAM.
    case reset(ErrorCode)
    /// Nothing.
    case silence
    /// The connection is closed.
    case hangUp
    /// The answer, after a GOAWAY.
    case lastAnswer
  }

  /// What becomes of each call, which are numbered from 0 in the order of their arrival.
  struct Script: Sendable {
    /// A GOAWAY with this code and text follows the server's SETTINGS on each connection.
    var farewell: (code: ErrorCode, text: String)?
    let react: @Sendable (_ call: Int) -> Reaction

    init(
      farewell: (code: ErrorCode, text: String)? = nil,
      _ react: @escaping @Sendable (_ call: Int) -> Reaction
    ) {
      self.farewell = farewell
      self.react = react
    }
  }

  static let ok = Reaction.answer([("grpc-status", "0")])

  private let script: Script
  private let calls = Atomic(0)
  private let connections = Atomic(0)
  let maxStreams: Int

  init(maxStreams: Int, script: Script) {
    self.maxStreams = maxStreams
    self.script = script
  }

  /// A frame for each connection (RFC 9113 §6.8).
  var farewell: [UInt8] {
    guard let (code, text) = script.farewell else { return [] }
    func octets(_ number: UInt32) -> [UInt8] {
      (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) }
    }
    let payload = octets(0) + octets(code.rawValue) + text.utf8
    return octets(UInt32(payload.count)).dropFirst() + [7, 0] + octets(0) + payload
  }

  /// How many connections were ever accepted.
  var accepted: Int { connections.load(ordering: .relaxed) }
  /// How many calls came.
  var received: Int { calls.load(ordering: .relaxed) }

  func accept() {
    connections.add(1, ordering: .relaxed)
  }

  func reaction() -> Reaction {
    script.react(calls.add(1, ordering: .relaxed).oldValue)
  }
}

/// Runs `body` with a server that does what the script says.
func withScriptedServer(
  maxStreams: Int = 100, _ script: ScriptedServer.Script,
  _ body: @Sendable (_ port: Int, _ server: ScriptedServer) async throws -> Void
) async throws {
  let server = ScriptedServer(maxStreams: maxStreams, script: script)
  let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
    .childChannelInitializer { channel in
      channel.eventLoop.makeCompletedFuture {
        server.accept()
        try channel.pipeline.syncOperations.addHandler(ScriptedConnection(server))
      }
    }
    .bind(host: "127.0.0.1", port: 0).get()
  let result: Result<Void, any Error>
  do {
    result = .success(try await body(listener.localAddress?.port ?? 0, server))
  } catch {
    result = .failure(error)
  }
  try await listener.close()
  try result.get()
}

/// One connection of a ``ScriptedServer``.
private final class ScriptedConnection: ChannelInboundHandler, SessionDelegate, StreamHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let server: ScriptedServer
  private let session: Session
  private var hangsUp = false

  init(_ server: ScriptedServer) {
    self.server = server
    var configuration = SessionConfiguration()
    configuration.maxConcurrentStreams = server.maxStreams
    session = Session(role: .server, configuration: configuration)
    session.delegate = self
  }

  func handlerAdded(context: ChannelHandlerContext) {
    flush(context)
    guard !server.farewell.isEmpty else { return }
    context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: server.farewell)), promise: nil)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard (try? session.receive(unwrapInboundIn(data), now: 0)) != nil else {
      return context.close(promise: nil)
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    flush(context)
    if hangsUp { context.close(promise: nil) }
  }

  func channelInactive(context: ChannelHandlerContext) {
    session.close()
  }

  private func flush(_ context: ChannelHandlerContext) {
    var buffer = ByteBuffer()
    while session.send(into: &buffer, limit: 1 << 20) {}
    if buffer.readableBytes > 0 {
      context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
    }
  }

  func session(_ session: Session, didOpen stream: HTTP2Stream) {
    stream.handler = self
    stream.dropsBody = true
    if stream.receivedEnd { react(to: stream) }
  }

  func streamDidReceiveEnd(_ stream: HTTP2Stream) {
    react(to: stream)
  }

  private func react(to stream: HTTP2Stream) {
    switch server.reaction() {
    case .answer(let headers): answer(stream, headers)
    case .reset(let code): session.reset(stream, code)
    case .silence: break
    case .hangUp: hangsUp = true
    case .lastAnswer:
      session.goAway()
      answer(stream, [("grpc-status", "0")])
    }
  }

  private func answer(_ stream: HTTP2Stream, _ headers: [(String, String)]) {
    let hasStatus = headers.contains { $0.0 == ":status" }
    session.submitResponse(
      HeaderBlock((hasStatus ? [] : [(":status", "200")]) + headers), on: stream, source: nil)
  }

  func sessionNeedsSend(_ session: Session) {}
  func sessionDidReceiveSettings(_ session: Session) {}
  func session(_ session: Session, didReceiveGoAway code: ErrorCode, lastStreamID: Int32) {}
  func sessionDidReceivePingAck(_ session: Session) {}
  func sessionDidCloseStream(_ session: Session) {}
  func session(_ session: Session, didExceed limit: SessionLimit) {}
  func stream(_ stream: HTTP2Stream, didReceive kind: HeaderBlockKind) {}
  func streamDidReceiveData(_ stream: HTTP2Stream) {}
  func streamDidClose(_ stream: HTTP2Stream, _ closure: StreamClosure) {}
}
