import FairleadBalancing
import FairleadDiscovery
import FairleadManifests

@testable import FairleadConfiguration

/// A controller whose targets of the scheme `manual` are set by the test.
struct Setup {
  let sink = RecordingSink()
  let source = ManualSource()
  let pool: ResolverPool
  let controller: ConfigurationController

  init() {
    var registry = ResolverRegistry.standard
    registry.register("manual") { [source] _, _ in source }
    pool = ResolverPool(registry: registry, options: DiscoveryOptions(seed: 1))
    controller = ConfigurationController(
      options: CompileOptions(), resolvers: pool, sink: sink)
  }

  /// Runs the controller during `body`.
  func run(_ body: (inout AsyncStream<AppliedConfiguration>.AsyncIterator) async throws -> Void)
    async throws
  {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await controller.run() }
      var applied = sink.applied.makeAsyncIterator()
      try await body(&applied)
      group.cancelAll()
      try await group.waitForAll()
    }
  }

  func submit(_ changes: [ObjectChange], findings: [Finding]? = nil) {
    controller.submit(changes, findings: findings, readAt: .now)
  }

  /// Every kind once: these Services and nothing else.
  func submitAll(_ services: ManifestObject...) {
    submit(
      ManifestKind.allCases.map { kind in .replaceAll(kind, kind == .service ? services : []) })
  }
}

/// A Service with port 80, whose endpoints a target tells.
func service(_ name: String, target: String? = nil) throws -> ManifestObject {
  let annotations = target.map { #","annotations":{"fairlead.dev/target":"\#($0)"}"# } ?? ""
  let json = """
    {"metadata":{"name":"\(name)","namespace":"default"\(annotations)},"spec":{"ports":[{"port":80}]}}
    """
  let decoded = ManifestObject.decode(try ManifestNode(json: Array(json.utf8)), kind: .service)
  guard let object = decoded.object else { throw Unexpected() }
  return object
}

struct Unexpected: Error {}

func endpoint(_ port: Int) -> Endpoint {
  Endpoint(address: .ip(host: "127.0.0.1", port: port))
}

extension AppliedConfiguration {
  /// The ports of the endpoints of a Service's only cluster; `nil` if it is not there.
  func ports(of service: String) -> [Int]? {
    snapshot.clusters["outbound|80||\(service).default.svc.cluster.local"].map { cluster in
      cluster.endpoints.endpoints.compactMap { endpoint in
        if case .ip(_, let port) = endpoint.address { port } else { nil }
      }
    }
  }

  func isResolved(_ service: String) -> Bool? {
    snapshot.clusters["outbound|80||\(service).default.svc.cluster.local"]?.isResolved
  }
}

extension AsyncStream<AppliedConfiguration>.AsyncIterator {
  /// Waits for a configuration that is as expected.
  mutating func next(where isExpected: (AppliedConfiguration) -> Bool) async throws {
    while let configuration = await next() {
      if isExpected(configuration) { return }
    }
    throw Unexpected()
  }
}
