import FairleadManifests
import FairleadTestSupport
import Foundation
import Testing

@testable import FairleadKubernetes

/// Objects by name with their revision, as a recording says.
private func outcome(list: String, watch: String) throws -> [String: String] {
  var objects: [String: String] = [:]
  func metadata(_ object: Any?) -> (name: String, revision: String)? {
    let metadata = (object as? [String: Any])?["metadata"] as? [String: Any]
    guard let name = metadata?["name"] as? String else { return nil }
    return (name, metadata?["resourceVersion"] as? String ?? "")
  }
  let body = try JSONSerialization.jsonObject(with: Data(try Fixture.body(list)))
  for item in (body as? [String: Any])?["items"] as? [Any] ?? [] {
    if let found = metadata(item) { objects[found.name] = found.revision }
  }
  for line in try Fixture.lines(watch) {
    let event = try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any]
    guard let found = metadata(event?["object"]) else { continue }
    objects[found.name] = event?["type"] as? String == "DELETED" ? nil : found.revision
  }
  return objects
}

@Suite("A real server's answers, recorded", .timeLimit(.minutes(1)))
struct RecordedClusterTests {
  private static let kinds: [(ManifestKind, list: String, watch: String)] = [
    (.service, "list-services.json", "watch-services.jsonl"),
    (.endpointSlice, "list-rv0.json", "watch-endpointslices.jsonl"),
    (.pod, "list-pods.json", "watch-pods.jsonl"),
    (.virtualService, "list-empty-virtualservices.json", "watch-virtualservices.jsonl"),
  ]

  private func replay(chunkSize: Int) throws -> StandInAPI {
    let api = try StandInAPI()
    for (kind, list, watch) in Self.kinds {
      api.answer(kind, .list, .body(200, try Fixture.body(list)))
      api.answer(
        kind, .watch, .stream(chunks(try Fixture.stream(watch), of: chunkSize)))
    }
    api.answer(.destinationRule, .list, .body(200, try Fixture.body("list-destinationrules.json")))
    return api
  }

  @Test(
    "Lists and watches end in what the recording ends in, however its chunks fall",
    arguments: [17, 1000, 1 << 20])
  func replayed(chunkSize: Int) async throws {
    let api = try replay(chunkSize: chunkSize)
    let folder = try TemporaryFolder()
    try await withAPI(api) {
      let source = KubernetesSource(client: try client(of: api, in: folder))
      try await Following.run(source) { following in
        for (kind, list, watch) in Self.kinds {
          let expected = try outcome(list: list, watch: watch)
          let told = try Fixture.lines(watch).filter { !$0.starts(with: Self.bookmark) }.count
          await expectEventually("all events of \(kind) have come") {
            source.statuses.first { $0.kind == kind }?.events == told
          }
          await expectEventually("all objects of \(kind) are told") {
            following.names(kind) == expected.keys.sorted()
          }
        }
        try check(following)
        #expect(following.updates.compactMap(\.findings).last?.hasErrors != true)
      }
    }
  }

  private static let bookmark = [UInt8](#"{"type":"BOOKMARK""#.utf8)

  private func check(_ following: Following) throws {
    let weights = following.objects(.virtualService).compactMap { object -> [Int]? in
      guard case .virtualService(let service) = object else { return nil }
      return service.http.flatMap { $0.route.map(\.weight) }
    }
    #expect(weights == [[90, 10]])
    let slice = following.objects(.endpointSlice).compactMap {
      object -> Kubernetes.EndpointSlice? in
      guard case .endpointSlice(let slice) = object else { return nil }
      return slice.metadata.name == "istio-grpc-server-wfdq7" ? slice : nil
    }
    #expect(slice.first?.endpoints.map(\.address).sorted() == ["10.244.1.12", "10.244.1.13"])
    #expect(slice.first?.endpoints.allSatisfy(\.conditions.isReady) == true)
    #expect(following.names(.destinationRule)?.count == 1)
  }
}
