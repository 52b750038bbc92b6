import FairleadManifests
import FairleadTestSupport
import Foundation
import Testing

@testable import FairleadKubernetes

@Suite("A cluster that refuses, or is away", .timeLimit(.minutes(1)))
struct KubernetesSourceFailureTests {
  private let folder: TemporaryFolder
  private let api: StandInAPI

  init() throws {
    folder = try TemporaryFolder()
    api = try StandInAPI()
    try api.put(.service, Objects.service())
    try api.put(.endpointSlice, Objects.slice("greeter-a", [Objects.endpoint("10.0.0.1")]))
  }

  private func following(
    options: KubernetesOptions = quickOptions(), user: String = "{}",
    _ body: (KubernetesSource, Following) async throws -> Void
  ) async throws {
    try await withAPI(api) {
      let client = try client(of: api, in: folder, options: options, user: user)
      let source = KubernetesSource(client: client)
      try await Following.run(source) { try await body(source, $0) }
    }
  }

  @Test("A kind without its CRD is empty and missing, and found when it is installed")
  func missingCRD() async throws {
    api.offer("networking.istio.io", [])
    try await following { source, following in
      await expectEventually { following.isWhole }
      #expect(following.names(.virtualService) == [])
      #expect(
        source.statuses.filter(\.isMissing).map(\.kind)
          == [.serviceEntry, .virtualService, .destinationRule])
      #expect(following.failures.isEmpty, "what need not be there is no failure")
      #expect(
        Set(api.questions(.virtualService, .list).map(\.version)) == ["v1", "v1beta1", "v1alpha3"])
      try api.put(.virtualService, Objects.virtualService("split"))
      api.offer("networking.istio.io", ["v1"])
      await expectEventually { following.names(.virtualService) == ["split"] }
      await expectEventually { source.statuses.allSatisfy { !$0.isMissing } }
    }
  }

  @Test("A cluster with an older version is read in that")
  func olderVersion() async throws {
    api.offer("networking.istio.io", ["v1beta1"])
    try api.put(.virtualService, Objects.virtualService("split"))
    try await following { _, following in
      await expectEventually { following.names(.virtualService) == ["split"] }
      await expectEventually { api.openWatches(.virtualService) == 1 }
      #expect(Set(api.questions(.virtualService, .watch).map(\.version)) == ["v1beta1"])
    }
  }

  @Test("What may not be read is told in a sentence, and the rest goes on")
  func forbidden() async throws {
    let refusal = StandInAPI.Answer.body(403, try Fixture.body("error-403.json"))
    api.answerAlways(.endpointSlice, .list, refusal)
    try await following { source, following in
      await expectEventually { following.names(.service) == ["greeter"] }
      await expectEventually { source.statuses[1].failures > 3 }
      #expect(following.names(.endpointSlice) == nil)
      let failure = try #require(following.failures.first)
      #expect(following.failures.count == 1, "it is told once")
      #expect(failure.kind == .forbidden)
      #expect(failure.message.contains("User \"system:serviceaccount:default:nobody\""))
      #expect(failure.message.contains("list endpointslices.discovery.k8s.io"))
      #expect(failure.message.contains("rbac.yaml"))
      api.answerAlways(.endpointSlice, .list, nil)
      await expectEventually { following.names(.endpointSlice) == ["greeter-a"] }
      #expect(following.updates.contains { $0.hasRecovered })
    }
  }

  @Test("A server that fails takes nothing away, and is followed again when it is well")
  func serverErrors() async throws {
    try await following { source, following in
      await expectEventually { following.isWhole }
      for (status, kind) in [(500, KubernetesFailure.Kind.refused), (503, .overloaded)] {
        await expectEventually { source.statuses[0].open == 1 }
        let before = source.statuses[0].failures
        api.answerAlways(.service, .watch, .body(status, [UInt8]("oops".utf8)))
        api.answerAlways(.service, .list, .body(status, [UInt8]("oops".utf8)))
        api.end(.service)
        await expectEventually { source.statuses[0].failures > before + 3 }
        #expect(source.statuses[0].failure?.kind == kind)
        #expect(following.names(.service) == ["greeter"])
        api.answerAlways(.service, .watch, nil)
        api.answerAlways(.service, .list, nil)
        await expectEventually { source.statuses[0].failure == nil }
      }
      try api.put(.service, Objects.service("new"))
      await expectEventually { following.names(.service) == ["greeter", "new"] }
    }
  }

  @Test("A token that is refused is read anew at once, and nobody is told")
  func tokenIsReplaced() async throws {
    let file = try folder.write("token", "first\n")
    api.require(token: "first")
    try await following(user: "{tokenFile: \(file)}") { source, following in
      await expectEventually { following.isWhole }
      try folder.write("token", "second\n")
      api.require(token: "second")
      api.end(.service)
      try api.put(.service, Objects.service("new"))
      await expectEventually { following.names(.service) == ["greeter", "new"] }
      #expect(following.failures.allSatisfy { $0.kind != .unauthorized })
    }
  }

  @Test("A token that has expired is told, and the first good one ends it")
  func tokenExpires() async throws {
    let file = try folder.write("token", "first")
    api.require(token: "second")
    try await following(user: "{tokenFile: \(file)}") { source, following in
      await expectEventually { source.statuses.allSatisfy { $0.failures > 2 } }
      #expect(following.failures.map(\.kind) == [.unauthorized])
      #expect(following.failures[0].message.contains("401"))
      #expect(!following.failures[0].message.contains("first"))
      try folder.write("token", "second")
      await expectEventually { following.isWhole }
    }
  }

  @Test("A token's file that is away for a moment leaves the last good token")
  func tokenFileVanishes() async throws {
    let file = try folder.write("token", "first")
    api.require(token: "first")
    try await following(user: "{tokenFile: \(file)}") { _, following in
      await expectEventually { following.isWhole }
      await expectEventually { api.openWatches(.service) == 1 }
      try FileManager.default.removeItem(atPath: file)
      api.end(.service, cut: true)
      try api.put(.service, Objects.service("new"))
      await expectEventually { following.names(.service) == ["greeter", "new"] }
    }
  }

  @Test("An outage of an hour takes no object away, is told once, and ends by itself")
  func outage() async throws {
    let clock = ManualClock()
    var options = quickOptions()
    options.clock = clock
    options.now = { clock.now }
    options.backoff = KubernetesOptions(seed: 1, wallClock: options.wallClock).backoff
    try await following(options: options) { source, following in
      await expectEventually { following.isWhole }
      await expectEventually { source.statuses.allSatisfy { $0.open == 1 } }
      let before = following.updates.flatMap(\.changes).count
      let start = clock.now
      await api.stop()
      while start.duration(to: clock.now) < .seconds(3600) {
        // A try has to fail before the hour goes on: else it might be one long try.
        let failures = source.statuses[0].failures
        await expectEventually {
          clock.advance(by: .seconds(1))
          return source.statuses[0].failures > failures
        }
      }
      #expect(following.updates.flatMap(\.changes).count == before, "nothing was taken away")
      #expect(following.failures.count < 15, "an hour of failures is not an hour of messages")
      try api.put(.service, Objects.service("new"))
      try await api.start()
      await expectEventually {
        clock.advance(by: .seconds(1))
        return following.names(.service) == ["greeter", "new"]
          && source.statuses.allSatisfy { $0.failure == nil && $0.open == 1 }
      }
      await expectEventually { following.updates.contains { $0.hasRecovered } }
      #expect(following.names(.endpointSlice) == ["greeter-a"])
    }
  }

  @Test("A server that never answers a list is given up after a while, and asked again")
  func silentList() async throws {
    let clock = ManualClock()
    var options = quickOptions()
    options.clock = clock
    options.now = { clock.now }
    api.answer(.service, .list, .stream([[UInt8](#"{"metadata":{},"items":["#.utf8)]))
    try await following(options: options) { source, following in
      await expectEventually { source.statuses.filter { $0.open == 1 }.count == 5 }
      clock.advance(by: .seconds(60))
      await expectEventually { source.statuses[0].failures == 1 }
      await expectEventually {
        clock.advance(by: .milliseconds(5))
        return following.names(.service) == ["greeter"]
      }
      #expect(following.failures.map(\.kind) == [.unreachable])
      #expect(api.questions(.service, .list).count == 2)
    }
  }

  @Test("A watch that is silent for longer than was asked for is begun again")
  func silentWatch() async throws {
    let clock = ManualClock()
    var options = quickOptions()
    options.clock = clock
    options.now = { clock.now }
    try await following(options: options) { source, following in
      await expectEventually { source.statuses.allSatisfy { $0.open == 1 } }
      clock.advance(by: .seconds(630))
      await expectEventually { api.questions(.service, .watch).count == 2 }
      await expectEventually { source.statuses.allSatisfy { $0.open == 1 } }
      #expect(source.statuses[0].lists == 1)
      #expect(following.failures.isEmpty)
    }
  }
}
