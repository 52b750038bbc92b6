import CoreMetrics
import FairleadBalancing
import FairleadDiscovery
import FairleadGRPC
import GRPCCore
import GRPCNIOTransportHTTP2Posix
import Logging

/// Runs `body` with a client over a ``BalancedTransport`` to all servers.
func withBalancedClient<Result: Sendable>(
  of servers: [TestServer],
  _ configuration: BalancedTransport.Configuration = BalancedTransport.Configuration(),
  serviceConfig: ClientServiceConfig = ClientServiceConfig(),
  security: ClientSecurity = .plaintext,
  logger: Logger? = nil, metrics: (any MetricsFactory)? = nil,
  body: (any Grpc_Testing_TestService.ClientProtocol, BalancedTransport) async throws -> Result
) async throws -> Result {
  let source = ManualSource()
  source.set(servers.map(\.endpoint))
  return try await withBalancedClient(
    of: source, configuration, serviceConfig: serviceConfig, security: security,
    logger: logger, metrics: metrics, body: body)
}

/// Runs `body` with a client over a ``BalancedTransport`` to what the source says.
func withBalancedClient<Result: Sendable>(
  of source: ManualSource,
  _ configuration: BalancedTransport.Configuration = BalancedTransport.Configuration(),
  serviceConfig: ClientServiceConfig = ClientServiceConfig(),
  security: ClientSecurity = .plaintext,
  logger: Logger? = nil, metrics: (any MetricsFactory)? = nil,
  body: (any Grpc_Testing_TestService.ClientProtocol, BalancedTransport) async throws -> Result
) async throws -> Result {
  var configuration = configuration
  configuration.backoff = HTTP2ClientTransport.Config.Backoff(
    initial: .milliseconds(10), max: .milliseconds(50), multiplier: 1.6, jitter: 0.2)
  var resolvers = ResolverRegistry()
  resolvers.register("test") { (_, _) throws(ResolutionFailure) in source }
  let transport = try BalancedTransport(
    target: "test:///servers", security: security, serviceConfig: serviceConfig,
    configuration: configuration, resolvers: resolvers, logger: logger, metrics: metrics)
  return try await withGRPCClient(transport: transport) { client in
    try await body(Grpc_Testing_TestService.Client(wrapping: client), transport)
  }
}

extension TestServer {
  var endpoint: FairleadBalancing.Endpoint {
    Endpoint(address: .ip(host: "127.0.0.1", port: port), name: name)
  }
}
