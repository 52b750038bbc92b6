import GRPCCore
import GRPCInProcessTransport

/// Serves `services` in this process and runs `body` with a client of them.
func withServices(
  _ services: [any RegistrableRPCService],
  body: @Sendable (GRPCClient<InProcessTransport.Client>) async throws -> Void
) async throws {
  let transport = InProcessTransport()
  try await withGRPCServer(transport: transport.server, services: services) { _ in
    try await withGRPCClient(transport: transport.client) { client in
      try await body(client)
    }
  }
}
