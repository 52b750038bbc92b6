import FairleadBalancing
import FairleadDiscovery
import FairleadEtcd
import FairleadTestSupport
import Foundation
import Testing

@Suite(
  .serialized, .timeLimit(.minutes(1)),
  .enabled(if: RealEtcd.isInstalled, "etcd is not installed (Debian: etcd-server, etcd-client)."))
struct EtcdAuthTests {
  private let root = "root:secret"

  /// An etcd in which `reader` may read what is under `greeter/` and nothing else.
  private func guarded() async throws -> RealEtcd {
    let etcd = try await RealEtcd()
    try etcd.control("put", "greeter/1", "10.0.0.1:80")
    try etcd.control("user", "add", root)
    try etcd.control("user", "grant-role", "root", "root")
    try etcd.control("user", "add", "reader:pw")
    try etcd.control("role", "add", "reading")
    try etcd.control("role", "grant-permission", "reading", "--prefix=true", "read", "greeter/")
    try etcd.control("user", "grant-role", "reader", "reading")
    try etcd.control("auth", "enable")
    return etcd
  }

  private func options(_ name: String?, _ password: String = "pw") -> EtcdOptions {
    var options = quickEtcd()
    options.user = name.map { EtcdUser(name: $0, password: password) }
    return options
  }

  private func first(
    _ etcd: RealEtcd, _ prefix: String, _ options: EtcdOptions
  ) async throws -> Resolution? {
    let resolver = try etcdResolver("etcd://\(etcd.address)/\(prefix)", options)
    return try await running(resolver) { await resolution(of: resolver) { _ in true } }
  }

  @Test("a user reads what it may; anything else is told with who and what")
  func permissions() async throws {
    let etcd = try await guarded()
    #expect(try await first(etcd, "greeter", options("reader"))?.addresses == ["10.0.0.1:80"])
    let start = "The etcd server \(etcd.address) "
    let cases: [(String, EtcdOptions, String)] = [
      (
        "secrets", options("reader"),
        "does not allow the user reader to read the keys under secrets/; grant a role that may."
      ),
      (
        "greeter", options("reader", "wrong"),
        "does not accept the user reader: the name or the password is wrong."
      ),
      (
        "greeter", options(nil),
        "wants to know who we are; give a user, for example with ETCDCTL_USER."
      ),
    ]
    for (prefix, options, expected) in cases {
      let failure = try await first(etcd, prefix, options)?.failure
      #expect(failure?.message == start + expected)
      #expect(failure?.kind == .denied)
    }
  }

  @Test("an etcd that asks nobody's name takes a user as well")
  func notEnabled() async throws {
    let etcd = try await RealEtcd()
    try etcd.control("put", "greeter/1", "10.0.0.1:80")
    #expect(try await first(etcd, "greeter", options("reader"))?.addresses == ["10.0.0.1:80"])
  }

  @Test("a permission that is taken away leaves the last good endpoints, one that comes is used")
  func revoked() async throws {
    let etcd = try await guarded()
    let resolver = try etcdResolver("etcd://\(etcd.address)/greeter", options("reader"))
    try await running(resolver) {
      _ = await resolution(of: resolver) { _ in true }
      try etcd.control("user", "revoke-role", "reader", "reading", user: root)
      etcd.kill()
      try await etcd.start()
      let denied = await resolution(of: resolver) { $0.failure?.kind == .denied }
      #expect(denied?.failure?.kind == .denied)
      #expect(denied?.addresses == ["10.0.0.1:80"])
      try etcd.control("user", "grant-role", "reader", "reading", user: root)
      let seen1 = await resolution(of: resolver) { $0.failure == nil }
      #expect(seen1?.failure == nil)
    }
  }

  @Test("a token that is not valid any more is replaced, and the registration stays")
  func token() async throws {
    let etcd = try await guarded()
    try etcd.control(
      "role", "grant-permission", "reading", "--prefix=true", "readwrite", "greeter/", user: root)
    let events = EventLog()
    let registration = try registration(
      etcd, options: options("reader"), lease: .seconds(5), events)
    try await running(registration) {
      await expectEventually { events.registered == 1 }
      // This makes all tokens of the user invalid.
      try etcd.changePassword(of: "reader", to: "pw", user: root)
      try etcd.control("del", registration.key, user: root)
      try await expectEventually { try etcd.value(registration.key, user: root) != nil }
      #expect(events.all.count == 1, "It needed no new session.")
    }
  }
}
