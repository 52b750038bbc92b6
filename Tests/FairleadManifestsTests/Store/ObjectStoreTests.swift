import Testing

@testable import FairleadManifests

@Suite("The store holds the last object of each kind, namespace and name")
struct ObjectStoreTests {
  private func objects(_ text: String) -> [ManifestObject] { decode(text).objects }

  @Test("an object takes the place of the one with its key, which is returned")
  func put() throws {
    var store = ObjectStore()
    let first = try #require(objects(service("a")).first)
    let second = try #require(objects(service("a", port: 9)).first)
    #expect(store.put(first) == nil)
    #expect(store.put(second) == first)
    #expect(store.services.count == 1)
    #expect(store.services.values.first?.ports.map(\.port) == [9])
  }

  @Test("removing and relisting touch one kind only")
  func replace() throws {
    var store = ObjectStore(objects(documents(greeter, greeterSubsets)))
    #expect(store.pods.count == 2)
    store.replaceAll(
      of: .pod, with: objects(documents(pod("new", app: "greeter", port: 1), service("x"))))
    #expect(store.pods.keys.map(\.name) == ["new"])
    #expect(store.services.keys.map(\.name) == ["greeter"])
    store.remove(.destinationRule, ObjectKey(namespace: "default", name: "greeter"))
    #expect(store.destinationRules.isEmpty)
    #expect(store.services.count == 1)
  }

  @Test("every kind can be put, removed and replaced")
  func allKinds() {
    let text = documents(
      greeter, greeterSubsets,
      greeterRoutes("  - {route: [{destination: {host: greeter}}]}"),
      """
      apiVersion: discovery.k8s.io/v1
      kind: EndpointSlice
      metadata: {name: s, labels: {kubernetes.io/service-name: greeter}}
      addressType: IPv4
      """,
      """
      apiVersion: networking.istio.io/v1
      kind: ServiceEntry
      metadata: {name: e}
      spec: {hosts: [a.b], resolution: STATIC, ports: [{name: a, number: 1}], endpoints: [{address: 10.0.0.1}]}
      """)
    let all = objects(text)
    #expect(Set(all.map(\.kind)) == Set(ManifestKind.allCases))
    var store = ObjectStore(all)
    for object in all {
      store.remove(object.kind, object.metadata.key)
    }
    #expect(store == ObjectStore())
    for kind in ManifestKind.allCases {
      store.replaceAll(of: kind, with: all)
    }
    #expect(store == ObjectStore(all))
    for kind in ManifestKind.allCases {
      store.replaceAll(of: kind, with: [])
    }
    #expect(store == ObjectStore())
  }
}
