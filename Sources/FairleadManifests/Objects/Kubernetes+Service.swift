import FairleadRouting

extension Kubernetes {
  /// A `v1` Service: a name, ports, and which pods answer.
  package struct Service: Sendable, Hashable {
    package var metadata: ObjectMetadata
    /// Labels that a pod must all have; empty selects no pod.
    package var selector: [String: String]
    /// TCP ports only.
    package var ports: [Port]
    /// `clusterIP: None`.
    package var isHeadless: Bool
    /// Pods get calls before they are ready, too.
    package var publishesNotReadyAddresses: Bool
    package var balancing: BalancingAnnotations

    package init(
      metadata: ObjectMetadata, selector: [String: String], ports: [Port], isHeadless: Bool = false,
      publishesNotReadyAddresses: Bool = false, balancing: BalancingAnnotations = .none
    ) {
      self.metadata = metadata
      self.selector = selector
      self.ports = ports
      self.isHeadless = isHeadless
      self.publishesNotReadyAddresses = publishesNotReadyAddresses
      self.balancing = balancing
    }

    /// What its endpoints come from instead of pods.
    package var target: String? { balancing.target }

    package struct Port: Sendable, Hashable {
      package var name: String?
      package var port: Int
      package var targetPort: TargetPort
      package var appProtocol: String?
      package var origin: Origin

      package init(
        name: String? = nil, port: Int, targetPort: TargetPort? = nil, appProtocol: String? = nil,
        origin: Origin = Origin()
      ) {
        self.name = name
        self.port = port
        self.targetPort = targetPort ?? .number(port)
        self.appProtocol = appProtocol
        self.origin = origin
      }
    }

    /// Which port of a pod.
    package enum TargetPort: Sendable, Hashable {
      case number(Int)
      /// The container port of this name, which may differ from pod to pod.
      case name(String)
    }
  }
}
