import FairleadBalancing

/// The endpoints of one port of a service, and where they come from.
struct PortEndpoints {
  var endpoints: EndpointSet
  /// The targets whose answers are in it; empty if the objects themselves name the endpoints.
  var targets: [String] = []
  /// Whether every target has answered.
  var isComplete = true
}
