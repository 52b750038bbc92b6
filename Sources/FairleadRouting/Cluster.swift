import FairleadBalancing

/// A named set of endpoints with a policy.
package struct Cluster: Sendable, Hashable {
  /// Istio's name for it: `outbound|PORT|SUBSET|HOST`, SUBSET empty for the whole service.
  package var name: String
  /// The service it belongs to.
  package var service: ServiceIdentity
  /// The service's port.
  package var port: Int
  /// The subset's name, if it is one.
  package var subset: String?
  /// How RPCs are spread over the endpoints; a name known to `PolicyRegistry`.
  package var policyName: String
  package var endpoints: EndpointSet
  /// The targets, in gRPC's syntax, whose resolvers tell its endpoints; empty if the configuration itself names them.
  package var targets: [String]
  /// Whether its endpoints are known. False while it has none because a target has not answered at all; its calls then wait,
  /// while with an empty answer they fail.
  package var isResolved: Bool
  /// Whether a call whose connection was lost before it was answered is tried on another endpoint, though it may have been
  /// served: Envoy's retry condition `reset`.
  package var retriesLostCalls: Bool

  package init(
    service: ServiceIdentity, port: Int, subset: String? = nil, policyName: String,
    endpoints: EndpointSet, targets: [String] = [], isResolved: Bool = true,
    retriesLostCalls: Bool = false
  ) {
    self.name = Self.name(host: service.host, port: port, subset: subset)
    self.service = service
    self.port = port
    self.subset = subset
    self.policyName = policyName
    self.endpoints = endpoints
    self.targets = targets
    self.isResolved = isResolved
    self.retriesLostCalls = retriesLostCalls
  }

  package static func name(host: String, port: Int, subset: String?) -> String {
    "outbound|\(port)|\(subset ?? "")|\(host)"
  }
}

/// Which service something belongs to.
package struct ServiceIdentity: Sendable, Hashable {
  /// The full host name, `greeter.default.svc.cluster.local` or a ServiceEntry's host.
  package var host: String
  /// The object's own name.
  package var name: String
  package var namespace: String

  package init(host: String, name: String, namespace: String) {
    self.host = host
    self.name = name
    self.namespace = namespace
  }
}
