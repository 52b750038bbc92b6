import FairleadBalancing
import FairleadTestSupport

@testable import FairleadManifests

/// Draws objects from so small a world that they meet: few names, few labels, few addresses.
struct ObjectUniverse {
  var random: SeededRandom

  init(seed: UInt64) {
    random = SeededRandom(seed: seed)
  }

  mutating func changes() -> [ObjectChange] {
    (0..<Int.random(in: 1...3, using: &random)).map { _ in change() }
  }

  private mutating func change() -> ObjectChange {
    // What changes often in a cluster changes often here.
    let often: [ManifestKind] = [.endpointSlice, .pod, .endpointSlice, .pod]
    let kind = pick(ManifestKind.allCases + often + often)
    switch Int.random(in: 0..<10, using: &random) {
    case 0:
      let objects = (0..<Int.random(in: 0...3, using: &random)).map { _ in object(kind) }
      return .replaceAll(kind, objects + (flip() ? [object(pick(ManifestKind.allCases))] : []))
    case 1...3:
      return .remove(kind, metadata(kind).key)
    default:
      return .put(object(kind))
    }
  }

  /// An answer for a target, or that there is none yet.
  mutating func answer() -> EndpointSet? {
    guard Int.random(in: 0..<5, using: &random) > 0 else { return nil }
    return EndpointSet(
      (0..<Int.random(in: 0...3, using: &random)).map { _ in
        Endpoint(
          address: .ip(host: address(), port: 80), weight: Int.random(in: 1...2, using: &random),
          labels: labels())
      })
  }

  // MARK: Values

  mutating func pick<Value>(_ values: [Value]) -> Value {
    values[Int.random(in: 0..<values.count, using: &random)]
  }

  private mutating func flip() -> Bool { Bool.random(using: &random) }

  private mutating func address() -> String { "10.0.0.\(Int.random(in: 1...5, using: &random))" }

  private mutating func labels() -> [String: String] {
    var labels = ["app": pick(["a", "b"])]
    if flip() { labels["version"] = pick(["v1", "v2"]) }
    return labels
  }

  private mutating func metadata(_ kind: ManifestKind) -> ObjectMetadata {
    let names: [String] =
      switch kind {
      case .service, .serviceEntry, .destinationRule: ["a", "b", "c"]
      case .virtualService: ["a", "b"]
      case .pod, .endpointSlice: ["p", "q", "r", "s", "t"]
      }
    return ObjectMetadata(name: pick(names), namespace: pick(["default", "default", "prod"]))
  }

  private mutating func target() -> String? {
    Int.random(in: 0..<5, using: &random) == 0 ? pick(["etcd:///a", "dns:///b:80"]) : nil
  }

  // MARK: Objects

  private mutating func object(_ kind: ManifestKind) -> ManifestObject {
    var metadata = metadata(kind)
    switch kind {
    case .service: return .service(service(metadata))
    case .endpointSlice: return .endpointSlice(slice(metadata))
    case .pod:
      metadata.labels = labels()
      metadata.isDeleting = Int.random(in: 0..<5, using: &random) == 0
      return .pod(pod(metadata))
    case .serviceEntry: return .serviceEntry(entry(metadata))
    case .virtualService: return .virtualService(rule(metadata))
    case .destinationRule: return .destinationRule(policy(metadata))
    }
  }

  private mutating func service(_ metadata: ObjectMetadata) -> Kubernetes.Service {
    Kubernetes.Service(
      metadata: metadata, selector: flip() ? labels() : pick([[:], ["app": "a"]]),
      ports: pick([
        [.init(port: 80)], [.init(port: 80, targetPort: .name("grpc"))],
        [.init(name: "grpc", port: 80), .init(name: "web", port: 81)],
      ]), publishesNotReadyAddresses: flip(), balancing: BalancingAnnotations(target: target()))
  }

  private mutating func slice(_ metadata: ObjectMetadata) -> Kubernetes.EndpointSlice {
    let endpoints = (0..<Int.random(in: 0...3, using: &random)).map { _ in
      Kubernetes.EndpointSlice.Endpoint(
        address: address(),
        conditions: .init(
          isReady: pick([nil, true, false]), isServing: pick([nil, false]),
          isTerminating: pick([nil, true])),
        podName: pick([nil, "p", "q", "r"]), zone: pick([nil, "z1"]),
        hints: .init(
          nodes: pick([[], [], ["n1"], ["n2"]]), zones: pick([[], ["z1"], ["z2"], ["z1", "z2"]])))
    }
    return Kubernetes.EndpointSlice(
      metadata: metadata, serviceName: pick([nil, "a", "b", "c", "gone"]), endpoints: endpoints,
      ports: pick([
        [.init(port: 80)], [.init(name: "grpc", port: 8080), .init(name: "web", port: 1)],
      ])
    )
  }

  private mutating func pod(_ metadata: ObjectMetadata) -> Kubernetes.Pod {
    Kubernetes.Pod(
      metadata: metadata, address: flip() ? address() : pick([nil, address()]),
      phase: pick([nil, .running, .pending, .failed]), readyCondition: pick([nil, true, false]),
      ports: pick([[], [.init(name: "grpc", port: 9000)]]),
      weight: Int.random(in: 1...2, using: &random))
  }

  private mutating func entry(_ metadata: ObjectMetadata) -> Istio.ServiceEntry {
    let isDNS = flip()
    let endpoints = (0..<Int.random(in: isDNS ? 0...2 : 1...2, using: &random)).map { _ in
      Istio.ServiceEntry.Endpoint(
        address: isDNS && flip() ? .name(pick(["x.example", "y.example"])) : .ip(address()),
        labels: labels(), weight: Int.random(in: 1...2, using: &random))
    }
    return Istio.ServiceEntry(
      metadata: metadata,
      hosts: pick([
        [Istio.Host("x.example")], [Istio.Host("y.example"), Istio.Host("x.example")],
        [Istio.Host("a.default.svc.cluster.local")],
      ]),
      ports: [.init(number: 80, name: "grpc")], resolution: isDNS ? .dns : .static,
      endpoints: endpoints, balancing: BalancingAnnotations(target: target()))
  }

  private mutating func rule(_ metadata: ObjectMetadata) -> Istio.VirtualService {
    let destinations = (0..<Int.random(in: 1...2, using: &random)).map { _ in
      Istio.VirtualService.Destination(
        host: Istio.Host(pick(["a", "b", "x.example"])), subset: pick([nil, "v1", "v2"]),
        port: pick([nil, 80]), weight: Int.random(in: 0...2, using: &random))
    }
    return Istio.VirtualService(
      metadata: metadata, hosts: [Istio.Host(pick(["a", "b", "x.example", "*"]))],
      http: [.init(index: 0, match: pick([.everything, .ports([80])]), route: destinations)])
  }

  private mutating func policy(_ metadata: ObjectMetadata) -> Istio.DestinationRule {
    Istio.DestinationRule(
      metadata: metadata, host: Istio.Host(pick(["a", "b", "x.example", "*.example"])),
      trafficPolicy: pick([
        nil, .init(loadBalancer: .random), .init(loadBalancer: .leastRequest),
      ]),
      subsets: pick([[], ["v1"], ["v1", "v2"]]).map {
        .init(name: $0, labels: ["version": $0])
      })
  }
}
