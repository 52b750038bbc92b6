import FairleadBalancing
import FairleadRouting
import Testing

@testable import FairleadManifests

@Suite("A live configuration")
struct LiveConfigurationTests {
  private let cluster = "outbound|8080||\(greeterHost)"

  private func objects(_ yaml: String) -> [ManifestObject] {
    let file = decode(yaml)
    #expect(!file.findings.hasErrors)
    return file.objects
  }

  private func puts(_ yaml: String) -> [ObjectChange] {
    objects(yaml).map(ObjectChange.put)
  }

  private func slice(_ name: String, _ addresses: String...) -> String {
    let endpoints = addresses.map { "{addresses: [\($0)]}" }.joined(separator: ", ")
    return """
      apiVersion: discovery.k8s.io/v1
      kind: EndpointSlice
      metadata: {name: \(name), labels: {kubernetes.io/service-name: greeter}}
      addressType: IPv4
      endpoints: [\(endpoints)]
      ports: [{port: 8080}]
      """
  }

  private func isWholeCompile(_ live: LiveConfiguration) -> Bool {
    live.compiled == Compiler().compile(live.store)
  }

  @Test("is empty before it is told anything, and says so by its first change")
  func empty() {
    var live = LiveConfiguration()
    #expect(live.compiled == Compiler().compile(ObjectStore()))
    #expect(live.targets.isEmpty)
    #expect(live.apply([]) == .nothing)
    #expect(live.apply(puts(service("greeter"))) == .everything)
    #expect(live.compiled.clusters[cluster]?.endpoints.isEmpty == true)
  }

  @Test("changes only the clusters whose endpoints change")
  func endpoints() {
    var live = LiveConfiguration()
    _ = live.apply(puts(documents(service("greeter"), service("other"))))
    #expect(live.apply(puts(slice("a", "10.0.0.1"))) == .endpoints(of: [cluster]))
    #expect(live.compiled.addresses(cluster) == ["10.0.0.1:8080"])
    #expect(live.apply(puts(slice("a", "10.0.0.1"))) == .nothing)
    #expect(live.apply(puts(slice("b", "10.0.0.1"))) == .nothing)
    let gone = ObjectChange.remove(.endpointSlice, ObjectKey(namespace: "default", name: "a"))
    #expect(live.apply([gone]) == .nothing)
    #expect(live.compiled.addresses(cluster) == ["10.0.0.1:8080"])
    #expect(isWholeCompile(live))
  }

  @Test("takes the changes of one call as one: an endpoint that moves between slices never leaves")
  func moving() {
    var live = LiveConfiguration()
    _ = live.apply(puts(documents(service("greeter"), slice("a", "10.0.0.1"), slice("b"))))
    let move = puts(slice("a")) + puts(slice("b", "10.0.0.1"))
    #expect(live.apply(move) == .nothing)
    #expect(live.compiled.addresses(cluster) == ["10.0.0.1:8080"])
  }

  @Test("replaces all of a kind, as after a new list")
  func replaceAll() {
    var live = LiveConfiguration()
    _ = live.apply(puts(documents(service("greeter"), slice("a", "10.0.0.1"))))
    let list = objects(documents(slice("b", "10.0.0.2"), service("other")))
    #expect(live.apply([.replaceAll(.endpointSlice, list)]) == .endpoints(of: [cluster]))
    #expect(live.compiled.addresses(cluster) == ["10.0.0.2:8080"])
    #expect(live.store.services.count == 1)
    #expect(live.apply([.replaceAll(.service, [])]) == .everything)
    #expect(live.compiled.clusters.isEmpty)
    #expect(isWholeCompile(live))
  }

  @Test("gives a Snapshot that says what changed")
  func snapshot() throws {
    var live = LiveConfiguration()
    let first = live.apply(puts(service("greeter")))
    #expect(first.forSnapshot == .everything)
    let second = live.apply(puts(slice("a", "10.0.0.1")))
    let changes = try #require(second.forSnapshot)
    let snapshot = live.compiled.snapshot(generation: 2, changes: changes)
    #expect(snapshot.changes == .endpoints(of: [cluster]))
    #expect(snapshot.clusters[cluster]?.endpoints.count == 1)
    #expect(snapshot.virtualHostIndex(authority: "greeter:8080") == 0)
    #expect(ConfigurationChange.nothing.forSnapshot == nil)
  }

  @Test("changes add up to the larger one")
  func merging() {
    let (a, b) = (
      ConfigurationChange.endpoints(of: ["a"]), ConfigurationChange.endpoints(of: ["b"])
    )
    #expect(a.merging(b) == .endpoints(of: ["a", "b"]))
    #expect(a.merging(.nothing) == a)
    #expect(ConfigurationChange.nothing.merging(b) == b)
    #expect(ConfigurationChange.nothing.merging(.nothing) == .nothing)
    #expect(a.merging(.everything) == .everything)
    #expect(ConfigurationChange.everything.merging(.nothing) == .everything)
  }
}
