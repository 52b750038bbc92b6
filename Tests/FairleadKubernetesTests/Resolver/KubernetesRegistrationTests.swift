import FairleadDiscovery
import FairleadKubernetes
import FairleadManifests
import Testing

@Suite("Kubernetes for a Swift client", .timeLimit(.minutes(1)))
struct KubernetesRegistrationTests {
  private let folder: TemporaryFolder
  private let api: StandInAPI

  init() throws {
    folder = try TemporaryFolder()
    api = try StandInAPI()
  }

  /// Writes a kubeconfig with the contexts `first`, which is the current one and leads nowhere, and
  /// `second`, the stand-in.
  private func kubeconfig() throws -> String {
    try folder.write(
      "config",
      """
      apiVersion: v1
      kind: Config
      current-context: first
      contexts:
      - {name: first, context: {cluster: nowhere, user: none}}
      - {name: second, context: {cluster: test, user: none, namespace: shop}}
      clusters:
      - {name: nowhere, cluster: {server: "http://127.0.0.1:1"}}
      - {name: test, cluster: {server: "\(api.url)"}}
      users: [{name: none, user: {}}]
      """)
  }

  /// The first resolution with endpoints.
  private func endpoints(_ registry: ResolverRegistry) async throws -> [String] {
    let resolver = try registry.resolver(
      for: registry.target("kubernetes:///greeter:80"), options: DiscoveryOptions(seed: 1))
    return await withTaskGroup(of: Void.self) { group in
      group.addTask { await resolver.run() }
      defer { group.cancelAll() }
      for await resolution in resolver where !resolution.endpoints.isEmpty {
        return resolution.endpoints.map(\.endpoint.address.description).sorted()
      }
      return []
    }
  }

  @Test("A target is resolved with the credentials of the context that was named")
  func resolves() async throws {
    try await withAPI(api) {
      try api.put(.service, Objects.service(namespace: "shop"))
      try api.put(
        .endpointSlice,
        Objects.slice(
          "a", [Objects.endpoint("10.0.0.1", ready: true, pod: "pod1")], namespace: "shop"))
      var options = KubernetesResolverOptions(environment: [:])
      options.kubeconfig = try kubeconfig()
      options.context = "second"
      var registry = ResolverRegistry.standard
      try registry.registerKubernetes(options)
      #expect(registry.schemes.contains("kubernetes"))
      #expect(try await endpoints(registry) == ["10.0.0.1:8080"])
    }
  }

  @Test("KUBECONFIG and HOME say where the kubeconfig is")
  func environment() throws {
    let path = try kubeconfig()
    let home = try TemporaryFolder()
    try home.write(".kube/config", "{apiVersion: v1, kind: Config}")
    var registry = ResolverRegistry.standard
    try registry.registerKubernetes(
      KubernetesResolverOptions(environment: ["KUBECONFIG": path, "HOME": home.path]))
    // The one in the home folder has no context.
    #expect(throws: ResolutionFailure.self) {
      try registry.registerKubernetes(KubernetesResolverOptions(environment: ["HOME": home.path]))
    }
  }

  @Test("Without credentials it is told at once, and the scheme is not there")
  func nothing() {
    var registry = ResolverRegistry.standard
    let failure = #expect(throws: ResolutionFailure.self) {
      try registry.registerKubernetes(KubernetesResolverOptions(environment: [:]))
    }
    #expect(failure?.kind == .denied)
    #expect(failure?.message.hasPrefix("There are no credentials for Kubernetes") == true)
    #expect(!registry.schemes.contains("kubernetes"))
  }

  @Test("The place is what the environment says, unless it says nothing")
  func place() {
    let said = KubernetesResolverOptions(
      environment: ["FAIRLEAD_ZONE": "a", "NODE_NAME": "node-1"])
    #expect(said.zone == "a" && said.nodeName == "node-1")
    let unsaid = KubernetesResolverOptions(environment: ["FAIRLEAD_ZONE": "", "NODE_NAME": ""])
    #expect(unsaid.zone == nil && unsaid.nodeName == nil)
    #expect(said.seed != unsaid.seed)
  }
}
