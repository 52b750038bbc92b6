import FairleadDiscovery
import FairleadEtcd
import FairleadTestSupport
import Foundation
import Testing

@Suite(
  .serialized, .timeLimit(.minutes(1)),
  .enabled(if: RealEtcd.isInstalled, "etcd is not installed (Debian: etcd-server, etcd-client)."))
struct EtcdRegistrationTests {
  private let value = #"{"Addr":"10.0.0.1:80","Metadata":{"name":"pod-a"},"Op":0}"#
  private let key = "greeter/10.0.0.1:80"

  /// The leases that etcd knows.
  private func leases(_ etcd: RealEtcd) throws -> [String] {
    try etcd.control("lease", "list").split(separator: "\n").dropFirst().map(String.init)
  }

  @Test("it is there while it runs, under a lease, and both are gone after a graceful stop")
  func story() async throws {
    let etcd = try await RealEtcd()
    let events = EventLog()
    let registration = try registration(etcd, events)
    #expect(registration.key == key)
    try await running(registration) { () async throws in
      await expectEventually { events.registered == 1 }
      #expect(try etcd.value(key) == value)
      #expect(try leases(etcd).count == 1)
    }
    #expect(
      events.all == [.registered(key: key, lease: .seconds(10)), .deregistered(key: key)])
    #expect(try etcd.value(key) == nil)
    #expect(try leases(etcd).isEmpty)
  }

  @Test("a lease that is revoked and a key that is deleted come again")
  func losses() async throws {
    let etcd = try await RealEtcd()
    let events = EventLog()
    try await running(try registration(etcd, lease: .seconds(3), events)) {
      await expectEventually { events.registered == 1 }
      try etcd.control("lease", "revoke", try #require(try leases(etcd).first))
      await expectEventually { events.registered == 2 }
      #expect(try etcd.value(key) == value)
      try etcd.control("del", key)
      try await expectEventually { try etcd.value(key) == value }
      #expect(events.registered == 2, "The lease was still there.")
    }
    #expect(try etcd.value(key) == nil)
  }

  @Test("it waits for an etcd that is down, says so once, and outlives its end and return")
  func outage() async throws {
    let etcd = try await RealEtcd()
    etcd.kill()
    let events = EventLog()
    try await running(try registration(etcd, lease: .seconds(5), events)) {
      await expectEventually { events.failures.count == 1 }
      try await etcd.start()
      await expectEventually { events.registered == 1 }
      etcd.kill()
      await expectEventually { events.failures.count == 2 }
      try etcd.forget()
      try await etcd.start()
      await expectEventually { events.registered == 2 }
      try await expectEventually { try etcd.value(key) == value }
    }
    #expect(events.failures.count == 2, "\(events.all)")
    #expect(events.all.last == .deregistered(key: key))
  }

  @Test("when etcd is away at the end, the key is left to its lease, and the end comes in time")
  func unreachableAtTheEnd() async throws {
    let etcd = try await RealEtcd()
    let events = EventLog()
    try await running(try registration(etcd, farewell: .seconds(2), events)) {
      await expectEventually { events.registered == 1 }
      etcd.kill()
    }
    guard case .leftToExpire(let key, let failure) = events.all.last else {
      Issue.record("It was left: \(events.all)")
      return
    }
    #expect(key == self.key)
    #expect(failure.message.contains("cannot be reached: Connection refused"))
  }

  @Test("a registration that never came takes nothing away")
  func neverThere() async throws {
    let etcd = try await RealEtcd()
    etcd.kill()
    let events = EventLog()
    try await running(try registration(etcd, events)) {
      await expectEventually { !events.failures.isEmpty }
    }
    #expect(events.all.count == 1)
  }

  @Test("a resolver sees it come and go")
  func seen() async throws {
    let etcd = try await RealEtcd()
    let resolver = try etcdResolver("etcd://\(etcd.address)/greeter")
    try await running(resolver) {
      let seen1 = await resolution(of: resolver) { _ in true }
      #expect(seen1?.endpoints.isEmpty == true)
      try await running(try registration(etcd, EventLog())) {
        let found = await resolution(of: resolver) { !$0.endpoints.isEmpty }
        #expect(found?.endpoints.map(\.endpoint.name) == ["pod-a"])
      }
      let seen2 = await resolution(of: resolver) { $0.endpoints.isEmpty }
      #expect(seen2?.endpoints.isEmpty == true)
    }
  }
}
