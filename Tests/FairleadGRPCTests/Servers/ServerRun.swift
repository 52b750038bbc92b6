import GRPCCore
import GRPCNIOTransportHTTP2Posix
import NIOCore
import NIOPosix
import Synchronization

/// One life of a test server, from its start to its stop.
final class ServerRun: Sendable {
  let server: GRPCServer<HTTP2ServerTransport.Posix>

  /// Opened to let go of the calls that are held, when their connections are closed.
  let halt: Gate

  /// Opened when nothing of it is left.
  let ended = Gate()

  private let listener: Mutex<(any Channel)?> = Mutex(nil)
  private let failed: Mutex<(any Error)?> = Mutex(nil)

  init(_ server: GRPCServer<HTTP2ServerTransport.Posix>, halt: Gate) {
    self.server = server
    self.halt = halt
  }

  /// What kept it from listening, or ended it.
  var failure: (any Error)? { self.failed.withLock { $0 } }

  func serve() async {
    do {
      try await self.server.serve()
    } catch {
      self.failed.withLock { $0 = error }
    }
  }

  func listens(on channel: any Channel) {
    self.listener.withLock { $0 = channel }
  }

  /// Accepts no more. Returns when all that was accepted is with the server.
  ///
  /// A connection that is accepted while the server's task is cancelled would be let go unused, which
  /// NIO takes for a mistake and ends the process.
  func closeListener() async {
    guard let listener = self.listener.withLock({ $0 }) else { return }
    try? await listener.setOption(.autoRead, value: false).get()
    for _ in 0..<2 {
      for loop in MultiThreadedEventLoopGroup.singleton.makeIterator() {
        try? await loop.submit {}.get()
      }
      try? await listener.eventLoop.submit {}.get()
    }
    try? await listener.close().get()
  }
}
