import FairleadDiscovery
import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2Posix

extension EtcdSession {
  /// Connects to a server, lets `body` use it, and closes the connection.
  ///
  /// - Throws: what `body` threw, or why there can be no connection: see ``EtcdFailure``.
  static func with<Result: Sendable>(
    _ server: EtcdServer, _ options: EtcdOptions,
    _ body: @escaping @Sendable (EtcdSession) async throws -> Result
  ) async throws -> Result {
    let client = GRPCClient(transport: try transport(server, options))
    let session = EtcdSession(client: client, options: options)
    return try await withThrowingTaskGroup(of: Result?.self) { group in
      group.addTask {
        // Why it ended is told by the calls that end with it.
        try? await client.runConnections()
        return nil
      }
      group.addTask {
        try await session.authenticate()
        return try await body(session)
      }
      defer { group.cancelAll() }
      while let result = try await group.next() {
        if let result { return result }
      }
      throw CancellationError()
    }
  }

  private static func transport(
    _ server: EtcdServer, _ options: EtcdOptions
  ) throws -> HTTP2ClientTransport.Posix {
    let target: any ResolvableTarget =
      switch IPFamily(of: server.host) {
      case .v4: .ipv4(address: server.host, port: server.port)
      case .v6: .ipv6(address: server.host, port: server.port)
      case nil: .dns(host: server.host, port: server.port)
      }
    return try HTTP2ClientTransport.Posix(
      target: target,
      transportSecurity: server.isSecure ? try security(options.tls ?? EtcdTLS()) : .plaintext,
      config: .defaults { config in
        config.connection.keepalive = .init(
          time: options.keepaliveTime, timeout: options.keepaliveTimeout, allowWithoutCalls: false)
      })
  }

  private static func security(
    _ files: EtcdTLS
  ) throws -> HTTP2ClientTransport.Posix.TransportSecurity {
    for path in [files.caFile, files.certificateFile, files.keyFile].compactMap(\.self)
    where !FileManager.default.isReadableFile(atPath: path) {
      throw EtcdProblem.configuration("the file \(path) cannot be read; check the path")
    }
    return .tls(
      .defaults { tls in
        if let path = files.caFile {
          tls.trustRoots = .certificates([.file(path: path, format: .pem)])
        }
        if let certificate = files.certificateFile, let key = files.keyFile {
          tls.certificateChain = [.file(path: certificate, format: .pem)]
          tls.privateKey = .file(path: key, format: .pem)
        }
      })
  }
}
