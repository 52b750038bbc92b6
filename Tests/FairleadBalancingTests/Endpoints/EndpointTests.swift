import FairleadBalancing
import Testing

@Suite("An endpoint")
struct EndpointTests {
  @Test("is written as people write addresses")
  func addresses() {
    #expect(EndpointAddress.ip(host: "10.0.0.1", port: 80).description == "10.0.0.1:80")
    #expect(EndpointAddress.ip(host: "::1", port: 80).description == "[::1]:80")
    #expect(EndpointAddress.unix(path: "/run/x").description == "unix:/run/x")
  }

  @Test("has its address for a name, and a weight of at least 1")
  func defaults() {
    let endpoint = Endpoint(address: .ip(host: "10.0.0.1", port: 80), weight: 0)
    #expect(endpoint.name == "10.0.0.1:80")
    #expect(endpoint.weight == 1)
  }

  @Test("is in a set once for each address, the first one")
  func sets() {
    let first = Endpoint.named("a", weight: 2)
    let set = EndpointSet([first, .named("b"), .named("a", weight: 3)])
    #expect(set.endpoints == [first, .named("b")])
    #expect(set.count == 2 && !set.isEmpty && EndpointSet.empty.isEmpty)
  }

  @Test("counts calls of all threads")
  func load() async {
    let load = EndpointLoad()
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<4 {
        group.addTask {
          for _ in 0..<1_000 {
            load.callBegan()
            load.callEnded()
          }
          load.callBegan()
        }
      }
    }
    #expect(load.active == 4)
    #expect(load.total == 4_004)
  }
}
