import FairleadManifests
import FairleadRouting
import Foundation
import Testing

@testable import FairleadFiles

@Suite("The examples do what they say, without a finding")
struct ExamplesTests {
  private func snapshot(_ name: String) throws -> Snapshot {
    let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let folder = repository.appendingPathComponent("examples/\(name)").path
    let files = try FileSource(paths: [folder]).load()
    let compiled = Compiler().compile(files.store)
    #expect(files.findings + compiled.findings == [])
    return compiled.snapshot(generation: 1)
  }

  private func addresses(_ cluster: String, in snapshot: Snapshot) -> [String]? {
    snapshot.clusters[cluster]?.endpoints.endpoints.map(\.address.description)
  }

  @Test("split: nine calls of ten to v1")
  func split() throws {
    let snapshot = try snapshot("split")
    let index = try #require(snapshot.virtualHostIndex(authority: "istio-grpc-server:8080"))
    let split = try #require(snapshot.virtualHosts[index].routes.first?.split)
    #expect(split.map(\.weight) == [90, 10])
    #expect(
      split.map { addresses($0.clusterName, in: snapshot) }
        == [["127.0.0.1:50051"], ["127.0.0.1:50052"]])
  }

  @Test("spread: three pods in turn")
  func spread() throws {
    let snapshot = try snapshot("spread")
    #expect(snapshot.virtualHostIndex(authority: "grpc-server-service") != nil)
    let cluster = "outbound|80||grpc-server-service.default.svc.cluster.local"
    #expect(addresses(cluster, in: snapshot)?.count == 3)
    #expect(snapshot.clusters[cluster]?.policyName == "round_robin")
  }

  @Test("static: servers with weights")
  func staticEndpoints() throws {
    let cluster = try snapshot("static").clusters["outbound|9000||greeter.example.com"]
    #expect(cluster?.policyName == "weighted_round_robin")
    #expect(cluster?.endpoints.endpoints.map(\.weight) == [1, 1, 2])
  }

  @Test("tcp: connections in turn")
  func tcp() throws {
    let hosts = try snapshot("tcp").virtualHosts
    #expect(hosts.map(\.balancing) == [.connection(.roundRobin)])
  }
}
