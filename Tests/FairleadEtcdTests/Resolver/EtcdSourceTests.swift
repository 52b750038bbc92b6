import FairleadBalancing
import FairleadDiscovery
import FairleadDiscoveryTesting
import FairleadEtcd
import Foundation
import Testing

@Suite(
  .serialized, .timeLimit(.minutes(1)),
  .enabled(if: RealEtcd.isInstalled, "etcd is not installed (Debian: etcd-server, etcd-client)."))
struct EtcdSourceTests {
  private func address(_ number: Int) -> EndpointAddress { .ip(host: "10.0.0.\(number)", port: 80) }

  private func put(_ etcd: RealEtcd, _ numbers: Int...) throws {
    for number in numbers {
      try etcd.control("put", "greeter/\(number)", "10.0.0.\(number):80")
    }
  }

  @Test("changed keys, a killed server and an empty prefix keep the contract")
  func conformance() async throws {
    let etcd = try await RealEtcd()
    try put(etcd, 1, 2)
    try etcd.control("put", "greeters/3", "10.0.0.3:80")
    try await ResolverConformance(
      ResolverFixture(
        try etcdResolver("etcd://\(etcd.address)/greeter"), initial: [address(1), address(2)],
        change: {
          try etcd.control("del", "greeter/1")
          try etcd.control("put", "greeter/4", #"{"Op":0,"Addr":"10.0.0.4:80","Metadata":null}"#)
          return [address(2), address(4)]
        },
        empty: { try etcd.control("del", "--prefix", "greeter/") },
        breakDown: { etcd.kill() },
        repair: { try await etcd.start() })
    ).run()
  }

  @Test("keys of more than a page are all read, and events follow")
  func pages() async throws {
    let etcd = try await RealEtcd()
    // A transaction holds 128 operations at most.
    for block in 0..<11 {
      let puts = (0..<100).map { "put greeter/\(block)-\($0) 10.0.\(block).\($0):80\n" }
      try etcd.transact(puts.joined())
    }
    let resolver = try etcdResolver("etcd://\(etcd.address)/greeter")
    try await running(resolver) {
      let seen1 = await resolution(of: resolver) { _ in true }
      #expect(seen1?.endpoints.count == 1100)
      try etcd.control("del", "--prefix", "greeter/7-")
      let rest = await resolution(of: resolver) { $0.endpoints.count == 1000 }
      #expect(rest?.endpoints.count == 1000)
    }
  }

  @Test("values that are not valid are told beside those that are")
  func remarks() async throws {
    let etcd = try await RealEtcd()
    try put(etcd, 1)
    try etcd.control("put", "greeter/bad", "pod-a:80")
    let resolver = try etcdResolver("etcd://\(etcd.address)/greeter")
    try await running(resolver) {
      let found = await resolution(of: resolver) { _ in true }
      #expect(found?.addresses == ["10.0.0.1:80"])
      #expect(
        found?.failure?.message.contains("1 of 2 unused: greeter/bad has the host name") == true)
      try etcd.control("del", "greeter/bad")
      let seen2 = await resolution(of: resolver) { $0.failure == nil }
      #expect(seen2?.failure == nil)
    }
  }

  @Test("compaction and a restart with other keys lose nothing")
  func compaction() async throws {
    let etcd = try await RealEtcd()
    try put(etcd, 1)
    let resolver = try etcdResolver("etcd://\(etcd.address)/greeter")
    try await running(resolver) {
      _ = await resolution(of: resolver) { _ in true }
      for _ in 0..<5 { try put(etcd, 2) }
      try etcd.control("compaction", "6")
      try put(etcd, 3)
      let seen3 = await resolution(of: resolver) { $0.endpoints.count == 3 }
      #expect(seen3?.endpoints.count == 3)
      etcd.kill()
      let seen4 = await resolution(of: resolver) { $0.failure != nil }
      #expect(seen4?.endpoints.count == 3)
      try await etcd.start()
      try etcd.control("del", "greeter/1")
      let seen6 = await resolution(of: resolver) { $0.failure == nil && $0.endpoints.count == 2 }
      #expect(
        seen6?.addresses
          == ["10.0.0.2:80", "10.0.0.3:80"])
    }
  }

  @Test("an etcd that was set up anew, with smaller revisions, is read anew")
  func newCluster() async throws {
    let old = try await RealEtcd()
    for _ in 0..<20 { try put(old, 1) }
    let resolver = try etcdResolver("etcd://\(old.address)/greeter")
    try await running(resolver) {
      _ = await resolution(of: resolver) { _ in true }
      old.kill()
      try old.forget()
      try await old.start()
      try put(old, 2)
      let found = await resolution(of: resolver) { $0.addresses == ["10.0.0.2:80"] }
      #expect(found?.addresses == ["10.0.0.2:80"])
    }
  }

  @Test("of two servers one may be down, from the start or later")
  func failover() async throws {
    let etcd = try await RealEtcd()
    let other = try await RealEtcd()
    try put(etcd, 1)
    try put(other, 1)
    let resolver = try etcdResolver("etcd://\(etcd.address),\(other.address)/greeter")
    try await running(resolver) {
      _ = await resolution(of: resolver) { _ in true }
      for (down, up) in [(etcd, other), (other, etcd)] {
        down.kill()
        // Every value is new, so that it is known who told it.
        try up.control("put", "greeter/1", "10.0.0.1:\(up.port)")
        let found = await resolution(of: resolver) { $0.addresses == ["10.0.0.1:\(up.port)"] }
        #expect(found?.addresses == ["10.0.0.1:\(up.port)"])
        #expect(found?.failure == nil)
        try await down.start()
      }
      etcd.kill()
      other.kill()
      let both = await resolution(of: resolver) { $0.failure != nil }
      #expect(both?.failure?.message.contains(etcd.address) == true)
      #expect(both?.failure?.message.contains(other.address) == true)
      #expect(both?.endpoints.count == 1)
    }
  }

  @Test("a server that falls silent is given up, and the other one asked")
  func silence() async throws {
    let etcd = try await RealEtcd()
    try put(etcd, 1)
    var options = quickEtcd()
    options.requestTimeout = .milliseconds(300)
    let resolver = try etcdResolver("etcd://\(etcd.address)/greeter", options)
    etcd.signal(SIGSTOP)
    defer { etcd.signal(SIGCONT) }
    try await running(resolver) {
      let silent = await resolution(of: resolver) { $0.failure != nil }
      #expect(
        silent?.failure?.message
          == "The etcd server \(etcd.address) did not answer in time; it may be overloaded.")
      etcd.signal(SIGCONT)
      let seen5 = await resolution(of: resolver) { $0.failure == nil }
      #expect(seen5?.addresses == ["10.0.0.1:80"])
    }
  }

  @Test("a watch without events renews the age of the answer")
  func progress() async throws {
    let etcd = try await RealEtcd()
    try put(etcd, 1)
    var options = quickEtcd()
    options.progressInterval = .milliseconds(20)
    let resolver = try etcdResolver("etcd://\(etcd.address)/greeter", options)
    try await running(resolver) {
      let first = await resolution(of: resolver) { _ in true }?.answeredAt
      let later = await resolution(of: resolver) { $0.answeredAt != first }?.answeredAt
      let age = first.flatMap { first in later.map { first.duration(to: $0) } }
      #expect(age.map { $0 > .zero } == true)
    }
  }
}
