import FairleadServices
import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2Posix
import NIOCore
import ServiceLifecycle

/// One greeter pod: `helloworld.Greeter`, health and reflection on one plaintext port.
///
/// Runs until it is told to stop. A graceful stop sets health to not serving, says GOAWAY to every
/// connection and lets running calls finish; cancelling `run()` stops at once.
struct GreeterServer: Service {
  private let greeter: GreeterService
  private let address: HostPort
  private let limits: HTTP2ServerTransport.Config.Connection
  private let onListening: @Sendable (_ port: Int) -> Void

  /// What is said is what is kept: without a word gRPC's server says that it takes any number, and its
  /// HTTP/2 then ends the connection at the 101st.
  private static let maxConcurrentStreams = 1000

  /// - Parameters:
  ///   - greeter: What answers the calls.
  ///   - address: Where to listen.
  ///   - maxConnectionAge: After how long each connection is closed gracefully, nil for never.
  ///   - maxConnectionAgeGrace: How long calls may then go on, nil for as long as they like.
  ///   - onListening: Called once, with the bound port, when connections are accepted.
  init(
    greeter: GreeterService,
    address: HostPort,
    maxConnectionAge: Duration?,
    maxConnectionAgeGrace: Duration?,
    onListening: @escaping @Sendable (_ port: Int) -> Void
  ) {
    self.greeter = greeter
    self.address = address
    self.limits = {
      var limits = HTTP2ServerTransport.Config.Connection.defaults
      limits.maxAge = maxConnectionAge
      limits.maxGraceTime = maxConnectionAgeGrace
      return limits
    }()
    self.onListening = onListening
  }

  /// Serves until stopped.
  ///
  /// - Throws: ``CommandFailure`` when it cannot listen.
  func run() async throws {
    let transport = HTTP2ServerTransport.Posix(
      address: try self.address.listeningAddress(),
      transportSecurity: .plaintext,
      config: .defaults {
        $0.connection = self.limits
        $0.http2.maxConcurrentStreams = Self.maxConcurrentStreams
      }
    )
    let index = try ReflectionIndex.ownServices()
    let health = HealthBoard(serving: index.services)
    let server = GRPCServer(
      transport: transport,
      services: [self.greeter, HealthService(board: health), ReflectionService(index: index)]
    )
    try await withGracefulShutdownHandler {
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await self.serve(server) }
        group.addTask { await self.announce(transport) }
        try await group.waitForAll()
      }
    } onGracefulShutdown: {
      health.close()
      server.beginGracefulShutdown()
    }
  }

  private func serve(_ server: GRPCServer<HTTP2ServerTransport.Posix>) async throws {
    do {
      try await server.serve()
    } catch let error as RuntimeError {
      throw CommandFailure(
        """
        \(self.greeter.pod) cannot listen on \(self.address): \(error.rootCause); \
        choose another --address.
        """
      )
    }
  }

  /// Says that the server listens; says nothing when it cannot, `serve` says why.
  private func announce(_ transport: HTTP2ServerTransport.Posix) async {
    guard let bound = try? await transport.listeningAddress else { return }
    self.onListening(bound.ipv4?.port ?? bound.ipv6?.port ?? self.address.port)
  }
}

extension RuntimeError {
  /// What lies at the bottom of it, without the wrapping.
  fileprivate var rootCause: String {
    if let inner = self.cause as? RuntimeError {
      return inner.rootCause
    }
    if let error = self.cause as? IOError {
      return String(cString: strerror(error.errnoCode))
    }
    return self.cause.map { "\($0)" } ?? self.message
  }
}
