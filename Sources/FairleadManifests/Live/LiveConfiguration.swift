import FairleadBalancing
import FairleadRouting

/// A configuration that follows changes of its objects and of what resolvers answer.
///
/// Pure: at every moment ``compiled`` is what the ``Compiler`` makes of ``store`` and of the answers. The changes of one call
/// count as one: nothing in between is seen.
///
/// A change of EndpointSlices, Pods or answers takes time by the endpoints of the services concerned. A change of any other
/// kind makes all routes anew, and the clusters of the services that it concerns. An owner keeps the value in one place: changing a copy copies its indexes first.
/// ``compiled`` and Snapshots may be copied freely.
package struct LiveConfiguration: Sendable {
  private let compiler: Compiler
  package private(set) var store = ObjectStore()
  package private(set) var compiled = CompiledConfiguration()
  private var plan = ConfigurationPlan()
  private var index = EndpointIndex()
  /// The targets, in gRPC's syntax, whose endpoints the configuration wants to be told.
  package private(set) var targets: Set<String> = []
  /// What resolvers have answered, by target; of targets that are wanted.
  package private(set) var answers: [String: EndpointSet] = [:]

  package init(options: CompileOptions = CompileOptions()) {
    compiler = Compiler(options: options)
  }

  /// Takes changes of objects, in their order.
  ///
  /// - Complexity: without a change of Services, ServiceEntries, VirtualServices or DestinationRules, O(*e* log *n*) for *e*
  ///   endpoints of the services concerned and *n* clusters; else O(*n*).
  package mutating func apply(_ changes: [ObjectChange]) -> ConfigurationChange {
    var touched = Touched()
    for change in changes {
      switch change {
      case .put(let object):
        put(object, &touched)
      case .remove(let kind, let key):
        remove(kind, key, &touched)
      case .replaceAll(let kind, let objects):
        let kept = objects.filter { $0.kind == kind }
        for object in kept {
          put(object, &touched)
        }
        for key in Set(store.keys(of: kind)).subtracting(kept.map(\.metadata.key)) {
          remove(kind, key, &touched)
        }
      }
    }
    return touched.everything ? compilePlan(touched.services) : compile(touched.services)
  }

  /// Takes what a resolver answered for a target: a whole set of endpoints, which may be empty; `nil` if it has not answered
  /// yet. Nothing happens for a target that is not in ``targets``.
  package mutating func resolve(
    _ target: String, to endpoints: EndpointSet?
  ) -> ConfigurationChange {
    guard let services = plan.indexesByTarget[target], answers[target] != endpoints else {
      return .nothing
    }
    answers[target] = endpoints
    return compile(services)
  }

  // MARK: Objects

  /// What must be compiled anew.
  private struct Touched {
    var everything = false
    /// Services whose endpoints may differ.
    var services = Set<ObjectKey>()
  }

  private mutating func put(_ object: ManifestObject, _ touched: inout Touched) {
    let old = store.put(object)
    guard old != object else { return }
    note(old: old, new: object, &touched)
  }

  private mutating func remove(
    _ kind: ManifestKind, _ key: ObjectKey, _ touched: inout Touched
  ) {
    guard let old = store.remove(kind, key) else { return }
    note(old: old, new: nil, &touched)
  }

  private mutating func note(
    old: ManifestObject?, new: ManifestObject?, _ touched: inout Touched
  ) {
    for (object, isNew) in [(old, false), (new, true)] {
      switch object {
      case nil: break
      case .endpointSlice(let slice):
        if isNew { index.insert(slice) } else { index.remove(slice, store: store) }
        if let service = slice.service { touched.services.insert(service) }
      case .pod(let pod):
        if isNew { index.insert(pod) } else { index.remove(pod) }
        touched.services.formUnion(index.services(selecting: pod))
        touched.services.formUnion(index.services(naming: pod.metadata.key))
      case .service, .serviceEntry, .virtualService, .destinationRule:
        touched.everything = true
      }
    }
  }

  // MARK: Compiling

  private mutating func compile(_ services: Set<ObjectKey>) -> ConfigurationChange {
    compile(services.compactMap { plan.indexByKey[$0] })
  }

  private mutating func compile(_ services: [Int]) -> ConfigurationChange {
    var changed = Set<String>()
    for service in services {
      let plan = plan.services[service]
      changed.formUnion(compiled.put(build(plan), host: plan.service.identity.host))
    }
    return changed.isEmpty ? .nothing : .endpoints(of: changed)
  }

  private func build(_ plan: ServicePlan) -> ClusterBuilder.Result {
    compiler.builder(store: store, index: index, answers: answers).build(plan)
  }

  /// Makes the plan anew, and with it the clusters of services whose own plan or endpoints differ.
  private mutating func compilePlan(_ touched: Set<ObjectKey>) -> ConfigurationChange {
    let (oldPlan, old) = (plan, compiled)
    plan = ConfigurationPlan(store: store, options: compiler.options)
    index.updateSelectors(from: store)
    targets = Set(plan.indexesByTarget.keys)
    answers = answers.filter { targets.contains($0.key) }

    compiled.adopt(plan)
    for service in oldPlan.services where plan[service.service.identity.host] != service {
      compiled.remove(service)
    }
    for service in plan.services {
      let host = service.service.identity.host
      guard oldPlan[host] != service || service.service.isAmong(touched) else { continue }
      compiled.put(build(service), host: host)
    }
    guard old.hosts == compiled.hosts, old.clusters.keys == compiled.clusters.keys else {
      return .everything
    }
    let names = compiled.clusters.filter { old.clusters[$0.key] != $0.value }.map(\.key)
    return names.isEmpty ? .nothing : .endpoints(of: Set(names))
  }
}

extension HostedService {
  fileprivate func isAmong(_ services: Set<ObjectKey>) -> Bool {
    switch source {
    case .service(let object): services.contains(object.metadata.key)
    case .entry: false
    }
  }
}
