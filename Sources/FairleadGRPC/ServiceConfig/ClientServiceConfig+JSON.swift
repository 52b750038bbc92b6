import FairleadBalancing
import GRPCCore

extension ClientServiceConfig {
  /// Reads gRPC's JSON (`grpc.service_config.ServiceConfig`). Fields that gRPC does not have are
  /// passed over, as gRPC does; of `loadBalancingConfig`, the first policy that is known counts.
  ///
  /// - Parameters:
  ///   - json: a whole service config, in UTF-8.
  ///   - registry: the policies that are known, a user's own for example.
  /// - Throws: `ServiceConfigError` for JSON that is malformed, a value out of its range, a method
  ///   that is named twice, and a list without a policy that is known.
  public init(
    json: [UInt8], registry: PolicyRegistry = .standard
  ) throws(ServiceConfigError) {
    let root = "service config"
    let whole = try ConfigFields(JSONValue.parse(json, path: root), path: root)
    self.init(
      methodConfig: try Self.methodConfig(whole["methodConfig"]),
      retryThrottling: try Self.retryThrottling(whole["retryThrottling"]))
    if let balancing = try BalancingConfiguration.read(serviceConfig: json, registry: registry) {
      self.balancing = balancing
    } else if let policy = try Self.legacyPolicy(whole, registry) {
      balancing = BalancingConfiguration(policy: policy)
    }
    if let health = try whole.object("healthCheckConfig") {
      healthCheckServiceName = try health.string("serviceName")
    }
    try validate()
  }

  /// Reads gRPC's JSON from a text.
  public init(
    json: String, registry: PolicyRegistry = .standard
  ) throws(ServiceConfigError) {
    try self.init(json: Array(json.utf8), registry: registry)
  }

  /// `loadBalancingPolicy`: a name alone, from before there was `loadBalancingConfig`.
  private static func legacyPolicy(
    _ whole: ConfigFields, _ registry: PolicyRegistry
  ) throws(ServiceConfigError) -> (any Policy)? {
    let field = "loadBalancingPolicy"
    guard let name = try whole.string(field) else { return nil }
    // An enumeration once, which had it in upper case.
    guard let policy = registry[name.lowercased()] else {
      throw ServiceConfigError(
        path: field,
        message: "There is no policy \"\(name.prefix(60))\"; use one of "
          + "\(registry.names.joined(separator: ", ")).")
    }
    return policy
  }

  private static func methodConfig(
    _ value: JSONValue?
  ) throws(ServiceConfigError) -> [MethodConfig] {
    guard let value else { return [] }
    let path = "methodConfig"
    var configs: [MethodConfig] = []
    for (index, entry) in try value.list(path).enumerated() {
      configs.append(try MethodConfig(ConfigFields(entry, path: "\(path)[\(index)]")))
    }
    return configs
  }

  private static func retryThrottling(
    _ value: JSONValue?
  ) throws(ServiceConfigError) -> ServiceConfig.RetryThrottling? {
    guard let value else { return nil }
    let fields = try ConfigFields(value, path: "retryThrottling")
    let tokens = try fields.required("maxTokens", try fields.integer("maxTokens"))
    let ratio = try fields.required(
      "tokenRatio", try fields.number("tokenRatio", in: 0...Double.greatestFiniteMagnitude))
    // More than all tokens is all of them.
    let throttling = try? ServiceConfig.RetryThrottling(
      maxTokens: tokens, tokenRatio: min(ratio, Double(maximumTokens)))
    guard let throttling else {
      throw ServiceConfigError(
        path: fields.path,
        message: "Expected maxTokens and tokenRatio above 0, found \(tokens) and \(ratio).")
    }
    return throttling
  }
}
