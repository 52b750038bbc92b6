import FairleadTestSupport
import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2Posix
import NIOCore
import Synchronization

/// A grpc-swift server of `grpc.testing.TestService` in this process. `withServers` makes it.
final class TestServer: Sendable {
  /// The metadata key of the server's name, in the header block and in the trailers.
  static let nameKey = "x-server"

  /// `server-0`, `server-1`, …
  let name: String
  let configuration: ServerConfiguration
  private let reservedPort: ReservedPort

  private struct State {
    var run: ServerRun?
    var isQuiescing = false
    var behaviour = ServerBehaviour()
    var record = ServerRecord()
    var connections: [ObjectIdentifier: any Channel] = [:]
  }

  private let state = Mutex(State())
  private let runs: AsyncStream<ServerRun>
  private let runsContinuation: AsyncStream<ServerRun>.Continuation

  init(name: String, configuration: ServerConfiguration) throws {
    self.name = name
    self.reservedPort = try ReservedPort()
    self.configuration = configuration
    (self.runs, self.runsContinuation) = AsyncStream.makeStream()
  }

  /// The same over all restarts; nobody else's while it is down.
  var port: Int {
    self.reservedPort.number
  }

  /// `127.0.0.1:1234`.
  var address: String {
    "127.0.0.1:\(self.port)"
  }

  var isUp: Bool {
    self.state.withLock { $0.run != nil }
  }

  /// How it answers calls that arrive later. May be changed at any time.
  var behaviour: ServerBehaviour {
    get { self.state.withLock { $0.behaviour } }
    set { self.state.withLock { $0.behaviour = newValue } }
  }

  /// What it has seen, over all restarts.
  var record: ServerRecord {
    self.state.withLock { $0.record }
  }

  /// How many calls arrived.
  var calls: Int {
    self.record.started
  }
}

// MARK: Up and down

extension TestServer {
  /// Serves on its port. Returns when connections are accepted.
  ///
  /// A process that another test starts has the listener of the life before for a moment, until it
  /// runs its own program.
  func start() async throws {
    var failure: (any Error)?
    _ = await eventually {
      failure = await self.begin()
      return !(failure.map(self.isPortTaken) ?? false)
    }
    if let failure { throw failure }
  }

  private func isPortTaken(_ error: any Error) -> Bool {
    let cause = (error as? RuntimeError)?.cause as? IOError
    return cause?.errnoCode == EADDRINUSE
  }

  /// What kept it from listening.
  private func begin() async -> (any Error)? {
    let run = self.makeRun()
    self.state.withLock { state in
      precondition(state.run == nil, "The server is up.")
      state.run = run
      state.isQuiescing = false
    }
    self.runsContinuation.yield(run)
    do {
      _ = try await run.server.transport.listeningAddress
      return nil
    } catch {
      await run.ended.wait()
      return run.failure ?? error
    }
  }

  /// Refuses new connections, sends GOAWAY on the others and lets their calls end. Returns at once.
  func beginGracefulShutdown() {
    let run = self.state.withLock { state in
      state.isQuiescing = true
      return state.run
    }
    run?.server.beginGracefulShutdown()
  }

  /// Closes the listener and all connections at once, whatever runs on them. Returns when it is done.
  func stop() async {
    guard let run = self.state.withLock({ $0.run }) else { return }
    await run.closeListener()
    let connections = self.state.withLock { Array($0.connections.values) }
    for connection in connections { try? await connection.close().get() }
    run.halt.open()
    await run.ended.wait()
  }

  /// Returns when it is down, after `beginGracefulShutdown`.
  func waitUntilDown() async {
    let run = self.state.withLock { $0.run }
    await run?.ended.wait()
  }

  /// Sends GOAWAY on all connections and lets their calls end; new ones are accepted.
  func quiesceConnections() {
    let connections = self.state.withLock { state in
      state.isQuiescing = true
      return Array(state.connections.values)
    }
    for connection in connections {
      connection.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
    }
  }

  /// Closes all connections without a word; new ones are accepted.
  func closeConnections() {
    let connections = self.state.withLock { Array($0.connections.values) }
    for connection in connections { connection.close(promise: nil) }
  }
}

// MARK: For `withServers`

extension TestServer {
  /// Serves run after run, until `end`.
  func run() async {
    await withDiscardingTaskGroup { group in
      for await run in self.runs {
        group.addTask {
          await run.serve()
          self.state.withLock { state in
            if state.run === run { state.run = nil }
          }
          run.ended.open()
        }
      }
    }
  }

  /// Stops for good.
  func end() async {
    self.runsContinuation.finish()
    await self.stop()
  }

  private func makeRun() -> ServerRun {
    let halt = Gate()
    let server = self.makeServer(halt: halt)
    return ServerRun(server, halt: halt)
  }

  private func makeServer(halt: Gate) -> GRPCServer<HTTP2ServerTransport.Posix> {
    var config = self.configuration.transport
    config.channelDebuggingCallbacks.onBindTCPListener = { channel in
      self.state.withLock { $0.run }?.listens(on: channel)
      return channel.eventLoop.makeSucceededVoidFuture()
    }
    config.channelDebuggingCallbacks.onAcceptTCPConnection = { self.accepted($0) }
    var router = RPCRouter<HTTP2ServerTransport.Posix>()
    InteropService().registerMethods(with: &router)
    router.removeHandler(forMethod: Grpc_Testing_TestService.Method.UnimplementedCall.descriptor)
    for service in self.configuration.services(self.name) {
      service.registerMethods(with: &router)
    }
    router.registerInterceptors(pipeline: [
      .apply(BehaviourInterceptor(server: self, halt: halt), to: .all)
    ])
    return GRPCServer(
      transport: .http2NIOPosix(
        address: .ipv4(host: "127.0.0.1", port: self.port),
        transportSecurity: self.configuration.security,
        config: config
      ),
      router: router
    )
  }
}

// MARK: What its parts report

extension TestServer {
  /// Whether the connections were told to go away, so that calls are told of a cancellation that
  /// is none.
  var isQuiescing: Bool {
    self.state.withLock { $0.isQuiescing }
  }

  /// Counts a call in and says how to answer it.
  func begin(_ call: ServerRecord.Call) -> ServerBehaviour {
    self.state.withLock { state in
      state.record.begin(call)
      return state.behaviour.next()
    }
  }

  /// Counts a call out.
  func end(hasFailed: Bool) {
    self.state.withLock { $0.record.end(hasFailed: hasFailed) }
  }

  private func accepted(_ channel: any Channel) -> EventLoopFuture<Void> {
    let id = ObjectIdentifier(channel)
    self.state.withLock { state in
      state.connections[id] = channel
      state.record.accepted += 1
      state.record.connected += 1
    }
    channel.closeFuture.whenComplete { _ in
      self.state.withLock { state in
        state.connections[id] = nil
        state.record.connected -= 1
      }
    }
    return channel.eventLoop.makeSucceededVoidFuture()
  }
}
