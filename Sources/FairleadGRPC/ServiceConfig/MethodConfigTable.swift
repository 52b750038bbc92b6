import FairleadBalancing
import GRPCCore

/// The method configs of a service config by name. A lookup copies no string.
struct MethodConfigTable: Sendable {
  private struct Service: Sendable {
    var methods: [String: MethodConfig] = [:]
    var fallback: MethodConfig?
  }

  private var services: [String: Service] = [:]
  private var fallback: MethodConfig?

  /// - Throws: if a name is in two entries, or twice in one (gRFC A21).
  init(_ configs: [MethodConfig]) throws(ServiceConfigError) {
    for (index, config) in configs.enumerated() {
      for (nameIndex, name) in config.names.enumerated() {
        guard add(config, name) == nil else {
          throw ServiceConfigError(
            path: "methodConfig[\(index)].name[\(nameIndex)]",
            message: "\(Self.words(name)) has a config already; keep one of them.")
        }
      }
    }
  }

  /// What counts for a method: its own entry, else its service's, else the one for all.
  subscript(descriptor: MethodDescriptor) -> MethodConfig? {
    guard let service = services[descriptor.service.fullyQualifiedService] else { return fallback }
    return service.methods[descriptor.method] ?? service.fallback ?? fallback
  }

  /// Returns what had the name before.
  private mutating func add(_ config: MethodConfig, _ name: MethodConfig.Name) -> MethodConfig? {
    if name.service.isEmpty {
      defer { fallback = config }
      return fallback
    }
    if name.method.isEmpty {
      let former = services[name.service]?.fallback
      services[name.service, default: Service()].fallback = config
      return former
    }
    return services[name.service, default: Service()].methods.updateValue(
      config, forKey: name.method)
  }

  private static func words(_ name: MethodConfig.Name) -> String {
    if name.service.isEmpty { return "The name for all calls" }
    return name.method.isEmpty
      ? "The service \(name.service)" : "The method \(name.service)/\(name.method)"
  }
}
