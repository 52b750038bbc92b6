import FairleadBalancing
import FairleadDiscovery
import FairleadManifests

/// What the API says of one Service and its pods, and the endpoints that follow from it. Knows no clock and
/// does no I/O.
struct ServiceView: Sendable {
  let target: KubernetesTarget
  let namespace: String
  var zone: String?
  var nodeName: String?

  private var service: Kubernetes.Service?
  private var slices: [ObjectKey: Kubernetes.EndpointSlice] = [:]
  private var pods: [String: SliceUnion.PodTraits] = [:]
  /// Kinds of which all objects were told once.
  private var synced = Set<ManifestKind>()
  private var failures: [ManifestKind: KubernetesFailure] = [:]

  enum Word: Sendable, Hashable {
    /// All endpoints there are, and why there are none where the reader should know.
    case answer([ResolvedEndpoint], beside: ResolutionFailure? = nil)
    case failure(ResolutionFailure)
  }

  init(_ target: KubernetesTarget, namespace: String) {
    self.target = target
    self.namespace = namespace
  }

  /// Takes news of a kind in. Returns whether it may lead to another word.
  mutating func take(_ news: ReflectorNews, of kind: ManifestKind) -> Bool {
    switch news {
    case .replaced(let objects, _):
      removeAll(kind)
      for object in objects { put(object, kind) }
      synced.insert(kind)
      failures[kind] = nil
    case .missing:
      removeAll(kind)
      synced.insert(kind)
      failures[kind] = nil
    case .changed(let changes):
      failures[kind] = nil
      for change in changes {
        switch change {
        case .put(let object): put(object, kind)
        case .removed(let key): remove(key, kind)
        }
      }
    case .failed(let failure):
      failures[kind] = failure
    case .watching:
      guard failures.removeValue(forKey: kind) != nil else { return false }
    case .ended:
      return false
    }
    return true
  }

  private mutating func put(_ new: WatchedObject, _ kind: ManifestKind) {
    // One that cannot be read leaves what was known of it.
    switch new.object {
    case .service(let new): service = new
    case .endpointSlice(let slice): slices[new.key] = slice
    case .pod(let pod): pods[new.key.name] = SliceUnion.PodTraits(pod)
    case .serviceEntry, .virtualService, .destinationRule, nil: break
    }
  }

  private mutating func remove(_ key: ObjectKey, _ kind: ManifestKind) {
    switch kind {
    case .service: service = nil
    case .endpointSlice: slices[key] = nil
    case .pod: pods[key.name] = nil
    case .serviceEntry, .virtualService, .destinationRule: break
    }
  }

  private mutating func removeAll(_ kind: ManifestKind) {
    switch kind {
    case .service: service = nil
    case .endpointSlice: slices = [:]
    case .pod: pods = [:]
    case .serviceEntry, .virtualService, .destinationRule: break
    }
  }

  // MARK: Words

  /// What there is to say; `nil` while the first answers are awaited.
  var word: Word? {
    // Endpoints are what it is about: without them there is no answer, and while they are not followed none is certain.
    if let failure = failures[.endpointSlice] { return .failure(failure.resolution) }
    // The Service tells its ports and pods their labels; who may not read them gets endpoints without.
    guard synced.contains(.endpointSlice), isKnownOrFailed(.service), isKnownOrFailed(.pod) else {
      return nil
    }
    guard service == nil else { return endpoints }
    guard slices.isEmpty else {
      if case .number = target.port, let failure = failures[.service] {
        return withoutService(failure)
      }
      return endpoints
    }
    if let failure = failures[.service] { return .failure(failure.resolution) }
    // The server's own word: whatever was known of a Service that is gone is gone with it.
    return .answer([], beside: unknown)
  }

  /// The Service may not be read, so that a number that none of its pods has may be the Service's own.
  private func withoutService(_ failure: KubernetesFailure) -> Word {
    if case .answer(let endpoints, _) = endpoints, !endpoints.isEmpty { return .answer(endpoints) }
    return .failure(failure.resolution)
  }

  private func isKnownOrFailed(_ kind: ManifestKind) -> Bool {
    synced.contains(kind) || failures[kind] != nil
  }

  private var unknown: ResolutionFailure {
    ResolutionFailure(
      .notFound,
      "There is no Service \"\(target.service)\" in namespace \"\(namespace)\"; check the name, or write "
        + "kubernetes:///SERVICE.NAMESPACE.")
  }

  private var endpoints: Word {
    let union = SliceUnion(slices.values, pods: pods)
    switch target.port {
    case .name(let name):
      guard known(name) else { return .failure(unknownPort) }
      return .answer(resolved(union.endpoints(portName: name)))
    case .number(let number):
      if let port = service?.ports.first(where: { $0.port == number }) {
        return .answer(resolved(union.endpoints(portName: port.name)))
      }
      let names = Set(
        slices.values.flatMap(\.ports).filter { $0.port == number }.map { $0.name ?? "" })
      // Slices without endpoints have no numbers of pods either: that there are none is an answer.
      guard !names.isEmpty || service == nil || slices.values.flatMap(\.ports).isEmpty else {
        return .failure(unknownPort)
      }
      let candidates = names.sorted().flatMap { union.endpoints(portName: $0) }
      return .answer(
        resolved(
          candidates.filter {
            if case .ip(_, let own) = $0.endpoint.address { own == number } else { false }
          }))
    case .only:
      let names = portNames
      guard names.count <= 1 else { return .failure(ambiguousPort) }
      return .answer(resolved(union.endpoints(portName: names.first)))
    }
  }

  /// The names of the ports, as the Service says, else as its slices do.
  private var portNames: [String] {
    if let service { return service.ports.map { $0.name ?? "" } }
    return Set(slices.values.flatMap(\.ports).map { $0.name ?? "" }).sorted()
  }

  private func known(_ name: String) -> Bool {
    portNames.contains(name) || slices.values.flatMap(\.ports).contains { $0.name == name }
  }

  private var unknownPort: ResolutionFailure {
    ResolutionFailure(
      .notFound,
      "Service \"\(target.service)\" in namespace \"\(namespace)\" has no \(target.port); it has \(ports)."
    )
  }

  private var ambiguousPort: ResolutionFailure {
    ResolutionFailure(
      .malformed,
      "Service \"\(target.service)\" in namespace \"\(namespace)\" has several ports, \(ports); write which "
        + "after a colon.")
  }

  private var ports: String {
    guard let service, !service.ports.isEmpty else {
      return portNames.isEmpty ? "none" : portNames.joined(separator: ", ")
    }
    return service.ports.map { port in
      port.name.map { "\(port.port) (\($0))" } ?? "\(port.port)"
    }.joined(separator: ", ")
  }

  /// Endpoints that hints mean for other clients are left out, as long as there are ready ones for this client.
  private func resolved(_ all: [SliceEndpoint]) -> [ResolvedEndpoint] {
    let chosen = Set(
      SliceEndpoint.chosen(among: all, zone: zone, nodeName: nodeName).endpoints.map(\.address))
    return all.filter { !$0.conditions.isReady || chosen.contains($0.endpoint.address) }
      // Of one that is in two slices at once the ready one counts.
      .sorted {
        ($0.conditions.isReady ? 0 : 1, $0.endpoint.name)
          < ($1.conditions.isReady ? 0 : 1, $1.endpoint.name)
      }
      .map { ResolvedEndpoint($0.endpoint, readiness: $0.readiness) }
  }
}

extension SliceEndpoint {
  fileprivate var readiness: Readiness {
    if conditions.isReady { return .ready }
    return conditions.isServing && conditions.isTerminating ? .draining : .notReady
  }
}

extension KubernetesFailure {
  /// The same, as resolvers say it.
  fileprivate var resolution: ResolutionFailure {
    switch kind {
    case .credentials, .unauthorized, .forbidden: ResolutionFailure(.denied, message)
    case .unreachable, .certificate, .expired, .overloaded: ResolutionFailure(.unreachable, message)
    case .notFound: ResolutionFailure(.notFound, message)
    case .refused, .malformed, .tooLarge: ResolutionFailure(.malformed, message)
    }
  }
}
