extension BalancingConfiguration {
  /// Reads the `loadBalancingConfig` of a service config in gRPC's JSON (gRFC A24): a list of
  /// policies of which the first that is known counts. `nil` if the service config has none.
  ///
  /// - Parameters:
  ///   - json: a whole service config.
  ///   - registry: what else is known by name, a user's own policies for example.
  /// - Throws: ``ServiceConfigError`` for JSON that is malformed, a list without a policy that is
  ///   known, and a value out of its range.
  public static func read(
    serviceConfig json: [UInt8], registry: PolicyRegistry = .standard
  ) throws(ServiceConfigError) -> BalancingConfiguration? {
    let whole = try ConfigFields(
      JSONValue.parse(json, path: "service config"), path: "service config")
    let name = "loadBalancingConfig"
    guard let list = whole[name] else { return nil }
    return try read(list, path: name, registry: registry)
  }

  /// Reads such a list by itself.
  public static func read(
    loadBalancingConfig json: [UInt8], registry: PolicyRegistry = .standard
  ) throws(ServiceConfigError) -> BalancingConfiguration {
    let path = "loadBalancingConfig"
    return try read(JSONValue.parse(json, path: path), path: path, registry: registry)
  }

  private static func read(
    _ value: JSONValue, path: String, registry: PolicyRegistry
  ) throws(ServiceConfigError) -> BalancingConfiguration {
    guard case .array(let entries) = value else {
      throw ServiceConfigError(
        path: path, message: "Expected a list of policies in brackets, found \(value.kind).")
    }
    var unknown: [String] = []
    for (index, entry) in entries.enumerated() {
      let fields = try ConfigFields(entry, path: "\(path)[\(index)]")
      guard fields.names.count == 1, let name = fields.names.first else {
        throw ServiceConfigError(
          path: fields.path,
          message: "Expected one policy in each object, found \(fields.names.count).")
      }
      guard let config = try fields.object(name) else {
        throw ServiceConfigError(
          path: fields.path(of: name), message: "Expected an object in braces, found null.")
      }
      if let read = try read(name, config, registry: registry) {
        return read
      }
      unknown.append(name)
    }
    throw ServiceConfigError(
      path: path,
      message: unknown.isEmpty
        ? "The list is empty; name a policy, round_robin for example."
        : "No policy is known of \(unknown.joined(separator: ", ")); add one that is, round_robin"
          + " for example.")
  }

  /// `nil` if there is no such policy.
  private static func read(
    _ name: String, _ config: ConfigFields, registry: PolicyRegistry
  ) throws(ServiceConfigError) -> BalancingConfiguration? {
    switch name {
    case "outlier_detection_experimental":
      let detection = try OutlierDetection(config)
      var child = try child(of: config, registry: registry)
      guard child.outlierDetection == nil else { throw nested(name, config) }
      child.outlierDetection = detection
      return child
    case "random_subsetting_experimental":
      guard let size = try config.integer("subsetSize", in: 1...Int(UInt32.max)) else {
        throw ServiceConfigError(
          path: config.path, message: "subsetSize is missing; it is a number of at least 1.")
      }
      var child = try child(of: config, registry: registry)
      guard child.subsetting == nil else { throw nested(name, config) }
      child.subsetting = Subsetting(size: size)
      return child
    case "pick_first":
      let shuffles = try config.bool("shuffleAddressList") ?? false
      guard let policy = registry[name] else { return nil }
      return BalancingConfiguration(policy: policy, shufflesEndpoints: shuffles)
    default:
      guard let policy = registry[name] else { return nil }
      return BalancingConfiguration(policy: try configure(policy, config))
    }
  }

  private static func child(
    of config: ConfigFields, registry: PolicyRegistry
  ) throws(ServiceConfigError) -> BalancingConfiguration {
    guard let list = config["childPolicy"] else {
      throw ServiceConfigError(
        path: config.path, message: "childPolicy is missing; it is a list of policies.")
    }
    return try read(list, path: config.path(of: "childPolicy"), registry: registry)
  }

  private static func nested(_ name: String, _ config: ConfigFields) -> ServiceConfigError {
    ServiceConfigError(
      path: config.path, message: "\(name) is inside of another one; keep one of them.")
  }

  /// The policy with its settings.
  private static func configure(
    _ policy: any Policy, _ config: ConfigFields
  ) throws(ServiceConfigError) -> any Policy {
    switch policy {
    case is WeightedRoundRobinPolicy: try WeightedRoundRobinPolicy(config)
    case is RingHashPolicy: try RingHashPolicy(config)
    case is PeakEWMAPolicy: PeakEWMAPolicy(decay: try config.duration("decay") ?? .seconds(10))
    case let policy as LeastRequestPolicy: try policy.configured(config)
    default: try configureOwn(policy, config)
    }
  }

  /// A user's own policy knows itself what its settings mean.
  private static func configureOwn(
    _ policy: any Policy, _ config: ConfigFields
  ) throws(ServiceConfigError) -> any Policy {
    do {
      return try policy.configured(by: config.json)
    } catch let error as ServiceConfigError {
      throw ServiceConfigError(path: "\(config.path).\(error.path)", message: error.message)
    } catch {
      throw ServiceConfigError(
        path: config.path, message: "The policy does not take these settings: \(error).")
    }
  }
}
