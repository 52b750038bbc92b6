import GRPCCore
import GRPCNIOTransportHTTP2Posix

/// What a client of the shared suite is made with, whatever its transport.
struct InteropSettings: Sendable {
  var methodConfig: MethodConfig?
  var retryThrottling: ServiceConfig.RetryThrottling?
  var compression = HTTP2ClientTransport.Config.Compression.defaults

  /// Short, so that a server that comes up late is found soon.
  var backoff = HTTP2ClientTransport.Config.Backoff(
    initial: .milliseconds(10), max: .milliseconds(50), multiplier: 1.6, jitter: 0.2)

  init() {}

  /// Settings for all methods of all services.
  static func methods(_ configure: (inout MethodConfig) -> Void) -> InteropSettings {
    var settings = InteropSettings()
    var config = MethodConfig(names: [MethodConfig.Name(service: "")])
    configure(&config)
    settings.methodConfig = config
    return settings
  }

  /// `algorithm` for requests, and accepted for responses.
  static func compressed(with algorithm: CompressionAlgorithm) -> InteropSettings {
    var settings = InteropSettings()
    settings.compression.algorithm = algorithm
    settings.compression.enabledAlgorithms = algorithm == .gzip ? .gzip : .deflate
    return settings
  }
}
