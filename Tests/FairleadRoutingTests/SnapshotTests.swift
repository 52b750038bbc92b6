import FairleadBalancing
import FairleadRouting
import Testing

@Suite("A snapshot finds virtual hosts by authority")
struct SnapshotTests {
  private let service = ServiceIdentity(
    host: "a.default.svc.cluster.local", name: "a", namespace: "default")

  private func host(_ domains: [String], port: Int = 80) -> VirtualHost {
    VirtualHost(
      service: service, port: port, domains: domains, balancing: .rpc(fallback: .random),
      routes: [])
  }

  @Test("by every domain, whatever its case, and by nothing else")
  func lookUp() {
    let snapshot = Snapshot(
      generation: 3, virtualHosts: [host(["a", "a:80"]), host(["a:90"], port: 90)], clusters: [])
    #expect(snapshot.virtualHostIndex(authority: "a") == 0)
    #expect(snapshot.virtualHostIndex(authority: "A:80") == 0)
    #expect(snapshot.virtualHostIndex(authority: "a:90") == 1)
    #expect(snapshot.virtualHostIndex(authority: "a:91") == nil)
    #expect(snapshot.virtualHostIndex(authority: "") == nil)
    #expect(snapshot.generation == 3)
  }

  @Test("a domain that two have means the first")
  func firstWins() {
    let snapshot = Snapshot(
      generation: 1, virtualHosts: [host(["a"]), host(["a", "b"])], clusters: [])
    #expect(snapshot.virtualHostIndex(authority: "a") == 0)
    #expect(snapshot.virtualHostIndex(authority: "b") == 1)
  }

  @Test("clusters go by Istio's names")
  func clusters() {
    let whole = Cluster(service: service, port: 80, policyName: "round_robin", endpoints: .empty)
    let subset = Cluster(
      service: service, port: 80, subset: "v1", policyName: "random", endpoints: .empty)
    let snapshot = Snapshot(generation: 1, virtualHosts: [], clusters: [whole, subset])
    #expect(whole.name == "outbound|80||a.default.svc.cluster.local")
    #expect(snapshot.clusters["outbound|80|v1|a.default.svc.cluster.local"] == subset)
    #expect(snapshot.clusters.count == 2)
  }

  @Test("one that differs in endpoints shares its virtual hosts with the one before")
  func endpoints() {
    let table = VirtualHostTable([host(["a"])])
    let first = Snapshot(generation: 1, hosts: table, clusters: [:])
    let second = Snapshot(
      generation: 2, hosts: table, clusters: [:], changes: .endpoints(of: ["x"]))
    #expect(first.changes == .everything)
    #expect(second.changes == .endpoints(of: ["x"]))
    #expect(second.virtualHosts == first.virtualHosts)
    #expect(second.virtualHostIndex(authority: "A.") == 0)
  }

  @Test("the empty one knows nothing")
  func empty() {
    #expect(Snapshot.empty.generation == 0)
    #expect(Snapshot.empty.virtualHostIndex(authority: "a") == nil)
    #expect(Snapshot.empty.clusters.isEmpty)
  }
}
