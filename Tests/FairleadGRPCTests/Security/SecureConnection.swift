import FairleadTestSupport
import GRPCCore
import GRPCNIOTransportHTTP2Posix
import NIOCore
import NIOPosix
import NIOSSL

@testable import FairleadGRPC

/// A grpc-swift client over one connection that a `SecuritySource` secures.
enum SecureConnection {
  typealias Client = Grpc_Testing_TestService.Client<HTTP2ClientTransport.WrappedChannel>

  /// Connects, and runs `body`.
  ///
  /// - Throws: why the connection is not secure, or else what `body` throws.
  static func with<Result: Sendable>(
    _ source: SecuritySource, to port: Int, serverName: String = "127.0.0.1",
    _ body: (Client) async throws -> Result
  ) async throws -> Result {
    let loaded = source.current()
    let note = ErrorNote()
    let transport = try await HTTP2ClientTransport.WrappedChannel.wrapping(
      config: .defaults { $0.http2.authority = serverName }
    ) { configure in
      try await ClientBootstrap(
        group: MultiThreadedEventLoopGroup.singleton
      ).connect(host: "127.0.0.1", port: port) { channel in
        channel.eventLoop.makeCompletedFuture {
          let tls = try loaded.makeHandlers(serverName: serverName, server: "127.0.0.1:\(port)")
          guard !tls.isEmpty else { return }
          try channel.pipeline.syncOperations.addHandlers(tls + [ErrorNote.Handler(note)])
        }.flatMap { configure(channel) }
      }
    }
    do {
      return try await withGRPCClient(transport: transport) { try await body(Client(wrapping: $0)) }
    } catch {
      throw note.error ?? error
    }
  }

  /// Makes one call, and returns the name of the server.
  static func call(
    _ source: SecuritySource, to port: Int, serverName: String = "127.0.0.1"
  ) async throws -> String {
    try await with(source, to: port, serverName: serverName) { client in
      try await client.emptyCall(request: ClientRequest(message: Grpc_Testing_Empty())) {
        response in
        _ = try response.message
        return response.metadata[stringValues: TestServer.nameKey].first { _ in true } ?? ""
      }
    }
  }

  /// What it fails with; `nil` if it does not.
  static func failure(
    _ source: SecuritySource, to port: Int, serverName: String = "127.0.0.1"
  ) async -> String? {
    do {
      _ = try await call(source, to: port, serverName: serverName)
      return nil
    } catch {
      return "\(error)"
    }
  }
}

extension ServerConfiguration {
  /// TLS, or mTLS if it trusts somebody.
  static func tls(_ own: TestAuthority.Issued, trusting authority: String? = nil)
    -> ServerConfiguration
  {
    let chain: [TLSConfig.CertificateSource] = [.file(path: own.certificate, format: .pem)]
    let key = TLSConfig.PrivateKeySource.file(path: own.key, format: .pem)
    guard let authority else {
      return ServerConfiguration(security: .tls(certificateChain: chain, privateKey: key))
    }
    return ServerConfiguration(
      security: .mTLS(certificateChain: chain, privateKey: key) { tls in
        tls.trustRoots = .certificates([.file(path: authority, format: .pem)])
        // The client of a mesh has a name of another kind than a host's.
        tls.clientCertificateVerification = .noHostnameVerification
      })
  }
}
