import GRPCCore
import GRPCNIOTransportHTTP2Posix

/// What a test server is started with; the same at each restart.
struct ServerConfiguration: Sendable {
  /// Whether it is up when the test begins. If not, its port refuses connections until `start`.
  var isStarted = true

  var security: HTTP2ServerTransport.Posix.TransportSecurity = .plaintext

  /// grpc-swift's own settings: stream limit, age, idle time, compression, message sizes.
  var transport = HTTP2ServerTransport.Posix.Config.defaults

  /// Services beside `grpc.testing.TestService`, by the server's name.
  var services: @Sendable (_ name: String) -> [any RegistrableRPCService] = { _ in [] }

  /// Settings of grpc-swift's server, changed from their defaults.
  static func transport(
    _ configure: (inout HTTP2ServerTransport.Posix.Config) -> Void
  ) -> ServerConfiguration {
    ServerConfiguration(transport: .defaults(configure: configure))
  }
}
