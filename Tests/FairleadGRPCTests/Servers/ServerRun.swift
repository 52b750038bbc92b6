import GRPCCore
import GRPCNIOTransportHTTP2Posix

/// One life of a test server, from its start to its stop.
final class ServerRun: Sendable {
  let server: GRPCServer<HTTP2ServerTransport.Posix>

  /// Opened to end it at once.
  let stop = Gate()

  /// Opened when nothing of it is left.
  let ended = Gate()

  init(_ server: GRPCServer<HTTP2ServerTransport.Posix>) {
    self.server = server
  }

  /// Serves until a graceful shutdown is through, or `stop` opens.
  func serve() async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        // What keeps it from listening shows in its transport's `listeningAddress`.
        try? await self.server.serve()
      }
      group.addTask { await self.stop.wait() }
      await group.next()
      group.cancelAll()
    }
  }
}
