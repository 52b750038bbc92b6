import GRPCCore
import GRPCNIOTransportHTTP2Posix
import Testing

/// Serves `services` on loopback and runs `body` with a client of them: what happens when a client
/// leaves, only a real connection shows.
func withServicesOverTCP(
  _ services: [any RegistrableRPCService],
  interceptors: [any ServerInterceptor] = [],
  body: @Sendable (GRPCClient<HTTP2ClientTransport.Posix>) async throws -> Void
) async throws {
  let transport = HTTP2ServerTransport.Posix(
    address: .ipv4(host: "127.0.0.1", port: 0), transportSecurity: .plaintext)
  try await withGRPCServer(transport: transport, services: services, interceptors: interceptors) {
    _ in
    let port = try #require(try await transport.listeningAddress.ipv4?.port)
    try await withGRPCClient(
      transport: try .http2NIOPosix(
        target: .ipv4(address: "127.0.0.1", port: port), transportSecurity: .plaintext)
    ) { client in
      try await body(client)
    }
  }
}
