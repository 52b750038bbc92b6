import NIOCore
import NIOPosix

@testable import FairleadHTTP2

/// A client of the proxy on one HTTP/2 connection.
struct Client: Sendable {
  private let connection: WireConnection
  private let channel: any Channel

  static func connect(
    to port: Int, on group: any EventLoopGroup,
    configuration: SessionConfiguration = SessionConfiguration(), socketBuffer: Int? = nil
  ) async throws -> Client {
    let connection = WireConnection(.client, configuration)
    var bootstrap = ClientBootstrap(group: group)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(connection)
        }
      }
    if let socketBuffer {
      bootstrap = bootstrap.channelOption(
        .socketOption(.so_rcvbuf), value: ChannelOptions.Types.SocketOption.Value(socketBuffer))
    }
    let channel = try await bootstrap.connect(host: "127.0.0.1", port: port).get()
    return Client(connection: connection, channel: channel)
  }

  /// Begins a call.
  ///
  /// - Parameters:
  ///   - ends: whether `body` is all of the request; else `Call.end` says so.
  ///   - reads: whether the response's body is taken as it comes; else from `Call.read` on.
  func call(
    _ authority: String = "greeter:80", fields: [(String, String)] = [], grpc: Bool = true,
    body: [UInt8] = [1], ends: Bool = true, reads: Bool = true
  ) async throws -> Call {
    let headers = HeaderBlock(
      [
        (":method", "POST"), (":scheme", "http"), (":path", "/a.B/C"), (":authority", authority),
        ("content-type", grpc ? "application/grpc" : "text/plain"),
      ] + fields)
    return try await channel.eventLoop.submit { [connection] in
      guard let eventLoop = connection.context?.eventLoop else { throw ClientError.notTaken }
      let call = Call(eventLoop: eventLoop, body: body, ends: ends)
      call.reads = reads
      guard
        let stream = connection.session.submitRequest(
          headers, source: call.source, handler: call)
      else {
        call.abandon()
        throw ClientError.notTaken
      }
      call.stream = stream
      return call
    }.get()
  }

  /// A whole call; its result.
  func result(
    _ authority: String = "greeter:80", fields: [(String, String)] = [], grpc: Bool = true,
    body: [UInt8] = [1]
  ) async throws -> CallResult {
    try await call(authority, fields: fields, grpc: grpc, body: body).result()
  }

  func goAways() async throws -> [Int32] {
    try await channel.eventLoop.submit { [connection] in connection.goAways.map(\.last) }.get()
  }

  /// Reads nothing from its socket by itself, so that the proxy's fills.
  func pauseReading() async throws {
    try await channel.setOption(.autoRead, value: false).get()
  }

  /// Reads what one read gives.
  func readOnce() {
    channel.read()
  }

  var isClosed: Bool { !channel.isActive }

  func close() async {
    try? await channel.close()
  }
}

enum ClientError: Error {
  case notTaken
}

/// How a call ended, as its client saw it.
struct CallResult: Sendable {
  var headers: [String: String] = [:]
  var trailers: [String: String] = [:]
  var body: [UInt8] = []
  var closure = StreamClosure.ended

  /// The final `grpc-status`.
  var status: String? { trailers["grpc-status"] ?? headers["grpc-status"] }
  var flag: String? { trailers["x-fairlead-flag"] ?? headers["x-fairlead-flag"] }
  /// Which backend answered.
  var pod: String? { headers["pod"] }
}

/// One call of a ``Client``. Confined to its event loop but for the async methods.
final class Call: StreamHandler, @unchecked Sendable {
  let source: HTTP2Stream
  fileprivate(set) var stream: HTTP2Stream?
  private let eventLoop: any EventLoop
  private let done: EventLoopPromise<CallResult>
  private let responded: EventLoopPromise<Void>
  private var seen = CallResult()
  private var hasResponse = false
  fileprivate var reads = true

  fileprivate init(eventLoop: any EventLoop, body: [UInt8], ends: Bool) {
    self.eventLoop = eventLoop
    done = eventLoop.makePromise()
    responded = eventLoop.makePromise()
    source = HTTP2Stream.source(body)
    if ends {
      source.giveEnd()
    }
  }

  /// Waits for its end.
  func result() async throws -> CallResult {
    try await done.futureResult.get()
  }

  /// Waits for response headers.
  func response() async throws {
    try await responded.futureResult.get()
  }

  func send(_ bytes: [UInt8]) async throws {
    try await eventLoop.submit { self.source.give(bytes) }.get()
  }

  func end(trailers: [(String, String)]? = nil) async throws {
    try await eventLoop.submit { self.source.giveEnd(trailers: trailers) }.get()
  }

  /// Takes the response's body, from now on.
  func read() async throws {
    try await eventLoop.submit {
      self.reads = true
      self.seen.body += self.stream?.takeAll() ?? []
    }.get()
  }

  func cancel() async throws {
    try await eventLoop.submit {
      guard let stream = self.stream else { return }
      stream.session?.reset(stream, .cancel)
    }.get()
  }

  /// No stream was opened for it.
  fileprivate func abandon() {
    done.fail(ClientError.notTaken)
    responded.fail(ClientError.notTaken)
  }

  // MARK: StreamHandler

  func stream(_ stream: HTTP2Stream, didReceive kind: HeaderBlockKind) {
    switch kind {
    case .informational: break
    case .response:
      seen.headers = stream.headers.dictionary
      hasResponse = true
      responded.succeed()
    case .trailers: seen.trailers = stream.headers.dictionary
    }
  }

  func streamDidReceiveData(_ stream: HTTP2Stream) {
    if reads {
      seen.body += stream.takeAll()
    }
  }

  func streamDidReceiveEnd(_ stream: HTTP2Stream) {}

  func streamDidClose(_ stream: HTTP2Stream, _ closure: StreamClosure) {
    seen.closure = closure
    if !hasResponse {
      responded.fail(ClientError.notTaken)
    }
    done.succeed(seen)
  }
}
