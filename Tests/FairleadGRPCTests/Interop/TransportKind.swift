import FairleadGRPC
import GRPCCore
import GRPCNIOTransportHTTP2Posix
import Testing

/// The transports that the shared suite runs over. What holds for grpc-swift's own has to hold for ours.
enum TransportKind: String, CaseIterable, Sendable, CustomTestStringConvertible {
  case builtIn = "grpc-swift's own transport"
  case balanced = "our balanced transport"

  /// Those that connect again after a server's GOAWAY. grpc-swift's own may lose the endpoint then.
  static let reconnecting: [TransportKind] = [.balanced]

  var testDescription: String {
    self.rawValue
  }

  /// Runs `body` with a client of the server over this transport.
  func withClient<Result: Sendable>(
    of server: TestServer, _ settings: InteropSettings = InteropSettings(),
    body: (InteropClient) async throws -> Result
  ) async throws -> Result {
    try await self.withClient(ofPort: server.port, settings, body: body)
  }

  /// Runs `body` with a client of what listens on the port of 127.0.0.1, over this transport.
  func withClient<Result: Sendable>(
    ofPort port: Int, _ settings: InteropSettings = InteropSettings(),
    body: (InteropClient) async throws -> Result
  ) async throws -> Result {
    switch self {
    case .builtIn:
      try await self.run(self.builtIn(port, settings), body: body)
    case .balanced:
      try await self.run(self.balanced(port, settings), body: body)
    }
  }

  private func run<Result: Sendable>(
    _ transport: some ClientTransport, body: (InteropClient) async throws -> Result
  ) async throws -> Result {
    try await withGRPCClient(transport: transport) { client in
      try await body(InteropClient(client, transport: transport))
    }
  }

  private func builtIn(
    _ port: Int, _ settings: InteropSettings
  ) throws -> HTTP2ClientTransport.Posix {
    try HTTP2ClientTransport.Posix(
      target: .ipv4(address: "127.0.0.1", port: port),
      transportSecurity: .plaintext,
      config: .defaults {
        $0.backoff = settings.backoff
        $0.compression = settings.compression
      },
      serviceConfig: ServiceConfig(
        methodConfig: settings.methodConfig.map { [$0] } ?? [],
        retryThrottling: settings.retryThrottling
      )
    )
  }

  private func balanced(
    _ port: Int, _ settings: InteropSettings
  ) throws -> BalancedTransport {
    var configuration = BalancedTransport.Configuration()
    configuration.backoff = settings.backoff
    configuration.compression = settings.compression
    return try BalancedTransport(
      target: "static:///127.0.0.1:\(port)", security: .plaintext,
      serviceConfig: ClientServiceConfig(
        methodConfig: settings.methodConfig.map { [$0] } ?? [],
        retryThrottling: settings.retryThrottling
      ),
      configuration: configuration
    )
  }
}
