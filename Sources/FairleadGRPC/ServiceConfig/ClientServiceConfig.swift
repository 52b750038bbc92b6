import FairleadBalancing
import GRPCCore

/// How a client treats the calls to one target: timeouts and retries by method, throttling of
/// retries, balancing and health checking. What gRPC calls a service config (gRFC A2, A6, A17, A21,
/// A24).
///
/// ```swift
/// let config = try ClientServiceConfig(
///   json: #"{"loadBalancingConfig": [{"weighted_round_robin": {}}]}"#)
/// ```
public struct ClientServiceConfig: Sendable {
  /// Timeouts, limits, retries and hedging. For a call, the entry that names its method counts; if
  /// there is none, the one that names its service alone; if there is none, the one with an empty
  /// name. Each name may stand in one entry only.
  public var methodConfig: [MethodConfig]

  /// When retries and hedging are held back because too many calls fail (gRFC A6). `nil`, the
  /// default: never. One throttle counts all calls to the target.
  public var retryThrottling: ServiceConfig.RetryThrottling?

  /// Which endpoint gets a call. The default is `round_robin`, where gRPC's own is `pick_first`:
  /// with that, all calls of a client go to one server.
  public var balancing: BalancingConfiguration

  /// The service whose health each server is asked for (`grpc.health.v1`, gRFC A17); a server that
  /// is not `SERVING` gets no calls. Empty: the server as a whole. `nil`, the default: no checking.
  public var healthCheckServiceName: String?

  /// - Parameters:
  ///   - methodConfig: timeouts, limits, retries and hedging by method.
  ///   - retryThrottling: when retries are held back.
  ///   - balancing: which endpoint gets a call; `round_robin` by default.
  ///   - healthCheckServiceName: the service whose health is asked for.
  public init(
    methodConfig: [MethodConfig] = [],
    retryThrottling: ServiceConfig.RetryThrottling? = nil,
    balancing: BalancingConfiguration = BalancingConfiguration(policy: RoundRobinPolicy()),
    healthCheckServiceName: String? = nil
  ) {
    self.methodConfig = methodConfig
    self.retryThrottling = retryThrottling
    self.balancing = balancing
    self.healthCheckServiceName = healthCheckServiceName
  }

  /// Refuses what gRPC does not allow and Swift's types do: a name in two entries, a throttle out of
  /// its range.
  package func validate() throws(ServiceConfigError) {
    _ = try MethodConfigTable(methodConfig)
    guard let throttling = retryThrottling else { return }
    guard (1...Self.maximumTokens).contains(throttling.maxTokens) else {
      throw ServiceConfigError(
        path: "retryThrottling.maxTokens",
        message: "Expected a number from 1 to \(Self.maximumTokens), found "
          + "\(throttling.maxTokens).")
    }
    guard (Self.minimumTokenRatio...Double(Self.maximumTokens)).contains(throttling.tokenRatio)
    else {
      throw ServiceConfigError(
        path: "retryThrottling.tokenRatio",
        message: "Expected a number from \(Self.minimumTokenRatio) to \(Self.maximumTokens), found "
          + "\(throttling.tokenRatio).")
    }
  }

  /// gRFC A6.
  static let maximumTokens = 1000
  /// Of a ratio, three decimal places count (gRFC A6).
  static let minimumTokenRatio = 0.001
}
