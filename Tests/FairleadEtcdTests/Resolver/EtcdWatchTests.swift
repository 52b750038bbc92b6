import FairleadDiscovery
import FairleadTestSupport
import Foundation
import GRPCCore
import Synchronization
import Testing

@testable import FairleadEtcd

@Suite(.timeLimit(.minutes(1))) struct EtcdWatchTests {
  private static func answer(
    _ revision: Int64, _ pairs: [String: String]
  ) -> Etcdserverpb_RangeResponse {
    .with { response in
      response.header.revision = revision
      response.kvs = pairs.sorted { $0.key < $1.key }.map { key, value in
        .with { pair in
          pair.key = Data(key.utf8)
          pair.value = Data(value.utf8)
        }
      }
    }
  }

  private static func event(_ type: Mvccpb_Event.EventType, _ key: String, _ value: String = "")
    -> Mvccpb_Event
  {
    .with { event in
      event.type = type
      event.kv.key = Data(key.utf8)
      event.kv.value = Data(value.utf8)
    }
  }

  /// Stays until the client goes.
  private static func stay() async throws {
    for await _ in AsyncStream<Void>.makeStream().stream {}
    try Task.checkCancellation()
  }

  @Test(
    "a watch whose revision is compacted leads to a new reading, with what left in between gone")
  func compacted() async throws {
    let reads = Mutex(0)
    let starts = Mutex<[Int64]>([])
    let etcd = ScriptedEtcd(
      range: { _ in
        let count = reads.withLock { count in
          count += 1
          return count
        }
        return count == 1
          ? Self.answer(5, ["s/a": "10.0.0.1:1", "s/b": "10.0.0.2:1"])
          : Self.answer(50, ["s/b": "10.0.0.2:1", "s/c": "10.0.0.3:1"])
      },
      watch: { request, responses in
        starts.withLock { $0.append(request.startRevision) }
        try await responses.write(.with { $0.created = true })
        if request.startRevision == 6 {
          try await responses.write(
            .with { response in
              response.canceled = true
              response.compactRevision = 40
            })
          return
        }
        try await Self.stay()
      })
    try await etcd.serving { address in
      let resolver = try etcdResolver("etcd://\(address)/s")
      try await running(resolver) {
        let found = await resolution(of: resolver) { $0.addresses.contains("10.0.0.3:1") }
        #expect(found?.addresses == ["10.0.0.2:1", "10.0.0.3:1"])
        await expectEventually { starts.withLock(\.count) >= 2 }
        #expect(starts.withLock(\.self) == [6, 51])
        #expect(resolver.current?.failure == nil)
      }
    }
  }

  @Test("events that come in fragments are told when all are there")
  func fragments() async throws {
    let etcd = ScriptedEtcd(
      range: { _ in Self.answer(1, ["s/a": "10.0.0.1:1"]) },
      watch: { request, responses in
        #expect(request.fragment && request.progressNotify)
        try await responses.write(.with { $0.created = true })
        try await responses.write(
          .with { response in
            response.fragment = true
            response.events = [Self.event(.delete, "s/a")]
          })
        try await responses.write(.with { $0.events = [Self.event(.put, "s/b", "10.0.0.2:1")] })
        try await Self.stay()
      })
    try await etcd.serving { address in
      let resolver = try etcdResolver("etcd://\(address)/s")
      let seen = Noted<[String]>()
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          for await resolution in resolver { seen.note(resolution.addresses) }
        }
        try await running(resolver) {
          _ = await resolution(of: resolver) { $0.addresses == ["10.0.0.2:1"] }
          await expectEventually { seen.all.last == ["10.0.0.2:1"] }
        }
        group.cancelAll()
      }
      #expect(!seen.all.contains([]))
    }
  }

  @Test("a watch that is ended with a reason is a failure, and tried again after a rest")
  func ended() async throws {
    let watches = Mutex(0)
    let etcd = ScriptedEtcd(
      range: { _ in Self.answer(1, ["s/a": "10.0.0.1:1"]) },
      watch: { _, responses in
        watches.withLock { $0 += 1 }
        try await responses.write(
          .with { response in
            response.canceled = true
            response.cancelReason = "etcdserver: permission denied"
          })
      })
    try await etcd.serving { address in
      let resolver = try etcdResolver("etcd://\(address)/s")
      try await running(resolver) {
        let found = await resolution(of: resolver) { $0.failure != nil }
        #expect(found?.addresses == ["10.0.0.1:1"])
        #expect(
          found?.failure?.message
            == "The etcd server \(address) does not allow us without a user to read the keys under "
            + "s/; grant a role that may.")
        await expectEventually { watches.withLock(\.self) >= 3 }
      }
    }
  }

  @Test("pages are read at the revision of the first one")
  func pages() async throws {
    let requests = Mutex<[Etcdserverpb_RangeRequest]>([])
    let etcd = ScriptedEtcd(
      range: { request in
        requests.withLock { $0.append(request) }
        var answer = Self.answer(
          7, request.revision == 0 ? ["s/a": "10.0.0.1:1"] : ["s/b": "10.0.0.2:1"])
        answer.more = request.revision == 0
        return answer
      },
      watch: { request, responses in
        #expect(request.startRevision == 8)
        try await Self.stay()
      })
    try await etcd.serving { address in
      let resolver = try etcdResolver("etcd://\(address)/s")
      try await running(resolver) {
        let found = await resolution(of: resolver) { _ in true }
        #expect(found?.addresses == ["10.0.0.1:1", "10.0.0.2:1"])
        let asked = requests.withLock(\.self)
        #expect(asked.map(\.revision) == [0, 7])
        #expect(asked.map(\.key) == [Data("s/".utf8), Data("s/a\0".utf8)])
      }
    }
  }
}
