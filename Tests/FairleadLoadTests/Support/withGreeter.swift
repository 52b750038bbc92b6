import FairleadServices
import GRPCCore
import GRPCNIOTransportHTTP2Posix

/// Runs `body` with the port of a greeter, grpc-swift's server.
func withGreeter(
  _ pod: String = "pod-1", failing: FailureSchedule = .never,
  _ body: @Sendable (_ port: Int) async throws -> Void
) async throws {
  let transport = HTTP2ServerTransport.Posix(
    address: .ipv4(host: "127.0.0.1", port: 0), transportSecurity: .plaintext)
  let server = GRPCServer(
    transport: transport, services: [GreeterService(pod: pod, failing: failing)])
  try await withThrowingTaskGroup(of: Void.self) { group in
    group.addTask { try await server.serve() }
    let port = try await transport.listeningAddress.ipv4?.port ?? 0
    try await body(port)
    server.beginGracefulShutdown()
    try await group.waitForAll()
  }
}
