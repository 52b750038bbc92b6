import FairleadManifests
import FairleadTestSupport
import Foundation
import Testing

@testable import FairleadKubernetes

@Suite("A cluster is followed", .timeLimit(.minutes(1)))
struct KubernetesSourceTests {
  private let folder: TemporaryFolder
  private let api: StandInAPI

  init() throws {
    folder = try TemporaryFolder()
    api = try StandInAPI()
    try api.put(.service, Objects.service())
    try api.put(.endpointSlice, Objects.slice("greeter-a", [Objects.endpoint("10.0.0.1")]))
    try api.put(.pod, Objects.pod("one", labels: ["version": "v1"]))
  }

  private func following(
    namespaces: [String] = [], options: KubernetesOptions = quickOptions(),
    _ body: (KubernetesSource, Following) async throws -> Void
  ) async throws {
    try await withAPI(api) {
      let source = KubernetesSource(
        client: try client(of: api, in: folder, options: options), namespaces: namespaces)
      try await Following.run(source) { following in
        await expectEventually("all kinds are told") { following.isWhole }
        try await body(source, following)
      }
    }
  }

  private func followed(_ kind: ManifestKind) async {
    await expectEventually("a watch of \(kind) is open") { api.openWatches(kind) > 0 }
  }

  @Test("All kinds are told whole, then each change; the watch says when it is open")
  func follows() async throws {
    try await following { source, following in
      #expect(following.names(.service) == ["greeter"])
      #expect(following.names(.virtualService) == [])
      try api.put(.virtualService, Objects.virtualService("split"))
      await expectEventually { following.names(.virtualService) == ["split"] }
      try api.put(.service, Objects.service("other"))
      await expectEventually { following.names(.service) == ["greeter", "other"] }
      api.delete(.service, "greeter")
      await expectEventually { following.names(.service) == ["other"] }
      await expectEventually { source.statuses.allSatisfy { $0.open == 1 && $0.isSynced } }
      #expect(source.statuses.allSatisfy { $0.lists == 1 && $0.failure == nil })
      #expect(following.failures.isEmpty)
    }
  }

  @Test("Only the namespaces that are named are listed and watched")
  func namespaces() async throws {
    try api.put(.service, Objects.service("far", namespace: "elsewhere"))
    try await following(namespaces: ["default", "shop"]) { _, following in
      #expect(following.names(.service) == ["greeter"])
      try api.put(.service, Objects.service("cart", namespace: "shop"))
      try api.put(.service, Objects.service("far", ports: ["": 81], namespace: "elsewhere"))
      await expectEventually { following.names(.service) == ["cart", "greeter"] }
      #expect(
        Set(api.questions(.service, .list).map(\.namespace)) == ["default", "shop"])
    }
  }

  @Test("A list comes in pages, and its end tells all of them at once")
  func pages() async throws {
    api.pageAlways()
    for index in 0..<9 { try api.put(.service, Objects.service("s\(index)")) }
    var options = quickOptions()
    options.limits.pageSize = 3
    try await following(options: options) { _, following in
      #expect(following.names(.service)?.count == 10)
      let questions = api.questions(.service, .list)
      #expect(questions.map { $0.query["limit"] } == Array(repeating: "3", count: 4))
      #expect(questions.map { $0.query["resourceVersion"] } == ["0", nil, nil, nil])
    }
  }

  @Test("A continuation that has expired begins a new list of the newest")
  func expiredContinuation() async throws {
    api.pageAlways()
    for index in 0..<4 { try api.put(.service, Objects.service("s\(index)")) }
    var options = quickOptions()
    options.limits.pageSize = 3
    let first = #"{"metadata":{"resourceVersion":"1","continue":"1-3"},"items":[]}"#
    api.answer(.service, .list, .body(200, [UInt8](first.utf8)))
    api.compact()
    try await following(options: options) { _, following in
      #expect(following.names(.service)?.count == 5)
      let questions = api.questions(.service, .list)
      #expect(questions.map { $0.query["continue"] != nil } == [false, true, false, true])
      #expect(questions.map { $0.query["resourceVersion"] } == ["0", nil, nil, nil])
      #expect(following.failures.isEmpty)
    }
  }

  @Test("A watch from a revision that is gone leads to a list, of which only differences are told")
  func expiredWatch() async throws {
    try await following { source, following in
      try api.put(.service, Objects.service("old"))
      await expectEventually { following.names(.service) == ["greeter", "old"] }
      let changes = following.changes(.service)
      api.answerAlways(.service, .watch, .body(500, []))
      api.end(.service)
      await expectEventually { source.statuses[0].failure != nil }
      api.delete(.service, "old")
      try api.put(.service, Objects.service("new"))
      api.compact()
      api.answerAlways(.service, .watch, nil)
      await expectEventually { following.names(.service) == ["greeter", "new"] }
      #expect(following.changes(.service) == changes + 2)
      #expect(api.questions(.service, .list).last?.query["resourceVersion"] == nil)
    }
  }

  @Test("HTTP 410 in answer to a watch means the same")
  func expiredStatus() async throws {
    try await following { source, following in
      await followed(.service)
      api.answer(.service, .watch, .body(410, try Fixture.body("error-410-continue-expired.json")))
      api.end(.service, cut: true)
      await expectEventually { source.statuses[0].lists == 2 }
      try api.put(.service, Objects.service("new"))
      await expectEventually { following.names(.service) == ["greeter", "new"] }
    }
  }

  @Test("A bookmark moves the place where the next watch begins: no list is needed")
  func bookmarks() async throws {
    try await following { source, following in
      await followed(.service)
      api.compact()
      api.bookmark(.service)
      await expectEventually { source.statuses[0].open == 1 }
      api.end(.service)
      await expectEventually { api.questions(.service, .watch).count == 2 }
      try api.put(.service, Objects.service("new"))
      await expectEventually { following.names(.service) == ["greeter", "new"] }
      #expect(source.statuses[0].lists == 1)
    }
  }

  @Test("An event in many chunks is one event")
  func chunkedEvent() async throws {
    try await following { _, following in
      await followed(.service)
      let event = try api.heldEvent(.service, Objects.service("slow"))
      for chunk in chunks(event, of: 1) { api.send(.service, chunk) }
      await expectEventually { following.names(.service) == ["greeter", "slow"] }
    }
  }

  @Test("An event that is cut off in its middle comes whole by the next watch")
  func cutEvent() async throws {
    try await following { source, following in
      await followed(.service)
      let event = try api.heldEvent(.service, Objects.service("cut"))
      api.send(.service, Array(event.prefix(event.count / 2)))
      #expect(following.names(.service) == ["greeter"])
      api.end(.service, cut: true)
      await expectEventually { following.names(.service) == ["cut", "greeter"] }
      #expect(source.statuses[0].lists == 1)
    }
  }

  @Test("A line that is no event, twice, leads to a list")
  func garbage() async throws {
    try await following { source, following in
      await followed(.service)
      api.answer(
        .service, .watch, .stream([[UInt8]("<html>\n".utf8)]),
        .stream([[UInt8]("{\"type\":\"ADDED\"}\n".utf8)]))
      api.end(.service, cut: true)
      await expectEventually { source.statuses[0].lists == 2 }
      try api.put(.service, Objects.service("new"))
      await expectEventually { following.names(.service) == ["greeter", "new"] }
      #expect(following.failures.contains { $0.kind == .malformed })
      await expectEventually("watches that were given up are closed") {
        api.openWatches(.service) == 1
      }
    }
  }

  @Test("A line above the limit is given up, and what it held is listed")
  func longLine() async throws {
    var options = quickOptions()
    options.limits.object = 2000
    try await following(options: options) { source, following in
      await followed(.service)
      let long = StandInAPI.Answer.stream([[UInt8](repeating: 0x20, count: 3000)])
      api.answer(.service, .watch, long, long)
      api.end(.service, cut: true)
      await expectEventually { source.statuses[0].lists == 2 }
      #expect(following.failures.contains { $0.kind == .tooLarge })
    }
  }
}
