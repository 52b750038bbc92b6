import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle
import Synchronization

/// Serves pages over HTTP/1.1 until it is told to stop.
///
/// Graceful: after the signal no new connection is taken, and requests that are being answered are finished. It runs
/// beside the workers of a proxy and never on their event loops.
package struct PageServer: Service {
  /// Connections served at a time; more wait in the kernel's queue.
  package static let connectionLimit = 512
  /// A connection on which nothing happens for this long is closed.
  package static let idleTimeout = TimeAmount.seconds(10)

  private let host: String
  private let port: Int
  private let pages: any PageSource
  private let logger: Logger
  private let onListening: @Sendable (_ port: Int) async -> Void

  /// - Parameters:
  ///   - host: IP literal or host name to listen on, without brackets.
  ///   - port: 0 for any free one.
  ///   - pages: What is served.
  ///   - logger: Told when it listens and of connections that fail.
  ///   - onListening: Called once, with the port that it listens on.
  package init(
    host: String,
    port: Int,
    pages: any PageSource,
    logger: Logger,
    onListening: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
  ) {
    self.host = host
    self.port = port
    self.pages = pages
    self.logger = logger
    self.onListening = onListening
  }

  /// Serves until graceful shutdown or cancellation. Throws ``PageServerError`` when it cannot listen.
  package func run() async throws {
    let hasListened = Atomic<Bool>(false)
    let application = Application(
      responder: PageResponder(pages: pages),
      server: .http1(configuration: .init(idleTimeout: Self.idleTimeout)),
      configuration: ApplicationConfiguration(
        address: .hostname(host, port: port),
        availableConnectionsDelegate: MaximumAvailableConnections(Self.connectionLimit)),
      onServerRunning: { channel in
        hasListened.store(true, ordering: .relaxed)
        await onListening(channel.localAddress?.port ?? port)
      },
      logger: logger)
    do {
      try await application.run()
    } catch  where !hasListened.load(ordering: .relaxed) {
      let shown = host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
      throw PageServerError(address: shown, cause: error)
    }
  }
}
