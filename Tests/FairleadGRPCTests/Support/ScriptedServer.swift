import FairleadBalancing
import NIOCore
import NIOHPACK
import NIOHTTP2
import NIOPosix
import NIOSSL
import Synchronization

/// An HTTP/2 server that answers streams frame by frame as a test wants it, where real servers do it
/// now and then only. ``withScriptedServer(_:settings:tls:body:)`` makes it.
final class ScriptedServer: Sendable {
  /// What becomes of a stream.
  enum Reaction: Sendable {
    /// OK with one empty message, once the request has ended.
    case answer
    /// As `answer`, when ``ScriptedServer/answerHeld()`` is called.
    case hold
    /// RST_STREAM with REFUSED_STREAM, on the request's header block.
    case refuse
    /// RST_STREAM, once the request has ended.
    case reset(HTTP2ErrorCode)
    /// The response's header block, then RST_STREAM with REFUSED_STREAM, once the request has ended.
    case resetAfterHeaders
    /// GOAWAY, once the request has ended, with the stream before as the last one: this one is
    /// forgotten.
    case leaveOut
  }

  /// A stream as it arrived.
  struct Request: Sendable {
    /// Which connection it came by, from 1.
    var connection: Int
    var stream: HTTP2StreamID
    var headers: HPACKHeaders
    /// Of its DATA frames.
    var bytes = 0
    var hasEnded = false
  }

  private struct State {
    var requests: [Request] = []
    var accepted = 0
    var connections: [Int: any Channel] = [:]
    var held: [(channel: any Channel, stream: HTTP2StreamID)] = []
  }

  private let state = Mutex(State())
  private let script: [Reaction]
  private let listener: Mutex<(any Channel)?> = Mutex(nil)

  /// - Parameter script: what becomes of each request, in the order of their arrival; the last one
  ///   holds for all that follow.
  init(_ script: [Reaction]) {
    precondition(!script.isEmpty, "The script says nothing.")
    self.script = script
  }

  var port: Int { listener.withLock { $0?.localAddress?.port ?? 0 } }
  /// All streams, in the order of their arrival.
  var requests: [Request] { state.withLock { $0.requests } }
  /// How many connections were ever accepted.
  var accepted: Int { state.withLock { $0.accepted } }
  /// How many are open.
  var connected: Int { state.withLock { $0.connections.count } }

  /// Answers all streams that are held.
  func answerHeld() {
    let held = state.withLock { state in
      defer { state.held = [] }
      return state.held
    }
    for (channel, stream) in held {
      channel.eventLoop.execute { ScriptedFrames.answer(on: channel, stream) }
    }
  }

  /// Sends a frame on all connections.
  func send(_ payload: HTTP2Frame.FramePayload, on stream: HTTP2StreamID = .rootStream) {
    for channel in state.withLock({ Array($0.connections.values) }) {
      channel.writeAndFlush(HTTP2Frame(streamID: stream, payload: payload), promise: nil)
    }
  }

  func start(_ settings: HTTP2Settings, tls: NIOSSLContext?) async throws {
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls)) }
          try pipeline.addHandler(NIOHTTP2Handler(mode: .server, initialSettings: settings))
          try pipeline.addHandler(ScriptedConnection(self, number: self.accepted(channel)))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    listener.withLock { $0 = channel }
  }

  func stop() async {
    try? await listener.withLock { $0 }?.close().get()
    for channel in state.withLock({ Array($0.connections.values) }) {
      try? await channel.close().get()
    }
  }

  private func accepted(_ channel: any Channel) -> Int {
    let number = state.withLock { state in
      state.accepted += 1
      state.connections[state.accepted] = channel
      return state.accepted
    }
    channel.closeFuture.whenComplete { _ in
      self.state.withLock { $0.connections[number] = nil }
    }
    return number
  }

  // MARK: What connections report

  /// A stream begins; what to do with it, and its place among all.
  func begins(_ request: Request) -> (index: Int, reaction: Reaction) {
    let index = state.withLock { state in
      state.requests.append(request)
      return state.requests.count - 1
    }
    return (index, script[min(index, script.count - 1)])
  }

  func received(_ index: Int, bytes: Int, isEnd: Bool) {
    state.withLock { state in
      state.requests[index].bytes += bytes
      state.requests[index].hasEnded = isEnd
    }
  }

  func hold(_ stream: HTTP2StreamID, on channel: any Channel) {
    state.withLock { $0.held.append((channel, stream)) }
  }
}

/// Runs a test with a ``ScriptedServer``, and stops it at its end.
func withScriptedServer<Result: Sendable>(
  _ script: ScriptedServer.Reaction..., settings: HTTP2Settings = [], tls: NIOSSLContext? = nil,
  isolation: isolated (any Actor)? = #isolation,
  body: (ScriptedServer) async throws -> Result
) async throws -> Result {
  let server = ScriptedServer(script)
  // What a test sends is never held up by flow control.
  let all = settings + [HTTP2Setting(parameter: .initialWindowSize, value: 1 << 24)]
  try await server.start(all, tls: tls)
  do {
    let result = try await body(server)
    await server.stop()
    return result
  } catch {
    await server.stop()
    throw error
  }
}

extension ScriptedServer {
  var endpoint: FairleadBalancing.Endpoint {
    Endpoint(address: .ip(host: "127.0.0.1", port: port))
  }
}
