import FairleadBalancing
import FairleadRouting

/// Turns a store of objects into virtual hosts, routes and clusters, with findings.
///
/// Pure: equal stores give equal results. What it cannot resolve is a finding and fails the calls
/// it concerns, never others: a route to an unknown subset names a cluster that does not exist
/// (NC).
package struct Compiler: Sendable {
  package var options: CompileOptions

  package init(options: CompileOptions = CompileOptions()) {
    self.options = options
  }

  /// - Parameter answers: what resolvers have answered, by target; a target that is not there has not answered yet.
  package func compile(
    _ store: ObjectStore, answers: [String: EndpointSet] = [:]
  ) -> CompiledConfiguration {
    compile(
      ConfigurationPlan(store: store, options: options), store: store,
      index: EndpointIndex(store: store), answers: answers)
  }

  func compile(
    _ plan: ConfigurationPlan, store: ObjectStore, index: EndpointIndex,
    answers: [String: EndpointSet]
  ) -> CompiledConfiguration {
    var result = CompiledConfiguration(plan)
    let builder = builder(store: store, index: index, answers: answers)
    for service in plan.services {
      result.put(builder.build(service), host: service.service.identity.host)
    }
    return result
  }

  func builder(
    store: ObjectStore, index: EndpointIndex, answers: [String: EndpointSet]
  ) -> ClusterBuilder {
    ClusterBuilder(
      collector: EndpointCollector(
        store: store, index: index, answers: answers, options: options))
  }
}
