import NIOCore
import NIOPosix
import Synchronization

@testable import FairleadHTTP2

/// A server behind the proxy that does with each call what a test says.
final class Backend: Sendable {
  /// What it does with a call, told its number from 1.
  typealias Behaviour = @Sendable (BackendCall, Int) -> Void

  /// What a test asks about it.
  struct Seen: Sendable {
    /// The request headers of each call that it got.
    var calls: [[String: String]] = []
    var connections = 0
    /// How the streams that ended did.
    var closures: [StreamClosure] = []
    var open: [BackendCall] = []
    var wires: [BackendConnection] = []
  }

  let name: String
  let port: Int
  private let listener: any Channel
  private let state: SeenBox

  final class SeenBox: Sendable {
    let seen = Mutex(Seen())
  }

  private init(name: String, listener: any Channel, state: SeenBox) {
    self.name = name
    self.listener = listener
    self.state = state
    port = listener.localAddress?.port ?? 0
  }

  static func start(
    _ name: String, on group: any EventLoopGroup,
    configuration: SessionConfiguration = SessionConfiguration(),
    _ behaviour: @escaping Behaviour = { call, _ in call.answer() }
  ) async throws -> Backend {
    let state = SeenBox()
    let listener = try await ServerBootstrap(group: group)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let connection = BackendConnection(name, state, configuration, behaviour)
          try channel.pipeline.syncOperations.addHandler(connection)
          state.seen.withLock {
            $0.connections += 1
            $0.wires.append(connection)
          }
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    return Backend(name: name, listener: listener, state: state)
  }

  var seen: Seen { state.seen.withLock { $0 } }
  var callCount: Int { seen.calls.count }

  /// Answers all that it holds.
  func answerOpen() {
    for call in seen.open {
      call.eventLoop.execute { call.answer() }
    }
  }

  /// Takes no more connections; those that are open stay.
  func stopListening() async {
    try? await listener.close()
  }

  func closeConnections() {
    for wire in seen.wires {
      wire.eventLoop?.execute { wire.close() }
    }
  }

  func stop() async {
    await stopListening()
    closeConnections()
  }
}

/// One connection of a ``Backend``.
final class BackendConnection: WireConnection, @unchecked Sendable {
  let name: String
  let state: Backend.SeenBox
  private let behaviour: Backend.Behaviour
  /// Set when the connection is open; read from other threads after that only.
  private(set) var eventLoop: (any EventLoop)?

  init(
    _ name: String, _ state: Backend.SeenBox, _ configuration: SessionConfiguration,
    _ behaviour: @escaping Backend.Behaviour
  ) {
    self.name = name
    self.state = state
    self.behaviour = behaviour
    super.init(.server, configuration)
  }

  override func handlerAdded(context: ChannelHandlerContext) {
    eventLoop = context.eventLoop
    super.handlerAdded(context: context)
  }

  override func session(_ session: Session, didOpen stream: HTTP2Stream) {
    guard let context else { return }
    let call = BackendCall(stream: stream, connection: self, eventLoop: context.eventLoop)
    stream.handler = call
    let number = state.seen.withLock { seen in
      seen.calls.append(stream.headers.dictionary)
      seen.open.append(call)
      return seen.calls.count
    }
    behaviour(call, number)
  }
}

/// One call that a ``Backend`` got. Its methods are called on its event loop.
final class BackendCall: StreamHandler, @unchecked Sendable {
  let eventLoop: any EventLoop
  let connection: BackendConnection
  private let stream: HTTP2Stream
  private let source = HTTP2Stream.source()
  private var answersAtEnd = false
  private var hasAnswered = false

  init(stream: HTTP2Stream, connection: BackendConnection, eventLoop: any EventLoop) {
    self.stream = stream
    self.connection = connection
    self.eventLoop = eventLoop
  }

  /// `OK` with the backend's name and the request's body, when the request has ended; once, however often it is called.
  func answer() {
    guard !hasAnswered else { return }
    hasAnswered = true
    answersAtEnd = true
    if stream.receivedEnd {
      finishAnswer(body: stream.takeAll())
    }
  }

  private var taken: [UInt8] = []

  private func finishAnswer(body: [UInt8]) {
    guard answersAtEnd else { return }
    answersAtEnd = false
    respond()
    finish(body: taken + body, trailers: [("grpc-status", "0")])
  }

  func respond(_ fields: [(String, String)] = []) {
    connection.session.submitResponse(
      HeaderBlock(
        [(":status", "200"), ("content-type", "application/grpc"), ("pod", connection.name)]
          + fields),
      on: stream, source: source)
  }

  func finish(body: [UInt8] = [], trailers: [(String, String)]) {
    source.give(body)
    source.giveEnd(trailers: trailers)
  }

  func reset(_ code: ErrorCode) {
    connection.session.reset(stream, code)
  }

  /// GOAWAY that leaves this call out.
  func goAwayBefore() {
    connection.session.goAway(last: stream.id - 2)
  }

  // MARK: StreamHandler

  func stream(_ stream: HTTP2Stream, didReceive kind: HeaderBlockKind) {
    let trailers = stream.headers.dictionary
    connection.state.seen.withLock { $0.calls.append(trailers) }
  }

  func streamDidReceiveData(_ stream: HTTP2Stream) {
    taken += stream.takeAll()
  }

  func streamDidReceiveEnd(_ stream: HTTP2Stream) {
    finishAnswer(body: [])
  }

  func streamDidClose(_ stream: HTTP2Stream, _ closure: StreamClosure) {
    connection.state.seen.withLock { seen in
      seen.closures.append(closure)
      seen.open.removeAll { $0 === self }
    }
  }
}
