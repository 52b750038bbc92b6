import FairleadHealthProtocol
import GRPCNIOTransportHTTP2Posix

/// What probes say and hear, by short names.
enum HealthMessages {
  typealias Client = Grpc_Health_V1_Health.Client<HTTP2ClientTransport.WrappedChannel>
  typealias Request = Grpc_Health_V1_HealthCheckRequest
  typealias Response = Grpc_Health_V1_HealthCheckResponse
}
