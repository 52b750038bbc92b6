import FairleadDiscovery
import Testing

@testable import FairleadEtcd

@Suite struct EtcdTargetTests {
  private func target(_ text: String, _ options: EtcdOptions = EtcdOptions()) throws -> EtcdTarget {
    try EtcdTarget(Target(text, knownSchemes: ["etcd"]), options)
  }

  private func message(_ text: String, _ options: EtcdOptions = EtcdOptions()) throws -> String {
    let error = #expect(throws: ResolutionFailure.self) { try target(text, options) }
    #expect(error?.kind == .malformed)
    return try #require(error).message
  }

  @Test("the authority names the servers, the path the prefix, whose slash is added")
  func whole() throws {
    let found = try target("etcd://10.0.0.1:2379,etcd.local,[::1]:1/test-service")
    #expect(found.prefix == "test-service/")
    #expect(found.servers.map(\.description) == ["10.0.0.1:2379", "etcd.local:2379", "[::1]:1"])
    #expect(found.servers.allSatisfy { !$0.isSecure })
  }

  @Test("a slash at the end changes nothing, one more at the beginning belongs to the keys")
  func slashes() throws {
    #expect(try target("etcd://h:1/a/b/").prefix == "a/b/")
    #expect(try target("etcd://h:1//a").prefix == "/a/")
  }

  @Test("a target without servers takes those of the options, with TLS as each says")
  func defaults() throws {
    var options = EtcdOptions()
    options.servers = ["https://a:1", "http://b:2", "c:3", "c:3"]
    #expect(try target("etcd:///x", options).servers.map(\.isSecure) == [true, false, false])
    options.tls = EtcdTLS(caFile: "ca.pem")
    #expect(try target("etcd:///x", options).servers.map(\.isSecure) == [true, false, true])
    #expect(try target("etcd://d:4/x", options).servers.map(\.description) == ["d:4"])
  }

  @Test("no server, no prefix and servers that are none are refused with what to write")
  func refused() throws {
    #expect(try message("etcd:///x").contains("write etcd://HOST:PORT/x, or set ETCDCTL_ENDPOINTS"))
    #expect(try message("etcd://h:1//").contains("its prefix is empty"))
    #expect(try message("etcd://h:1,/x").contains("\"\" is no server"))
    #expect(try message("etcd://h:99999/x").contains("\"h:99999\" is no server"))
    #expect(try message("etcd://h:http/x").contains("is no server"))
  }

  @Test("a password in a target is refused and not repeated")
  func password() throws {
    let text = try message("etcd://me:secret@h:1/x")
    #expect(text.contains("ETCDCTL_USER"))
    #expect(!text.contains("secret"))
    var options = EtcdOptions()
    options.user = EtcdUser(name: "me", password: "secret")
    #expect(!"\(options)".contains("secret"))
  }
}

@Suite struct EtcdEnvironmentTests {
  @Test("the variables of etcdctl are read, an empty one as if it were not set")
  func all() throws {
    let options = try EtcdOptions(environment: [
      "ETCDCTL_ENDPOINTS": "https://a:1,b:2", "ETCDCTL_CACERT": "ca", "ETCDCTL_CERT": "c",
      "ETCDCTL_KEY": "k", "ETCDCTL_USER": "me:p:w", "ETCDCTL_PASSWORD": "",
    ])
    #expect(options.servers == ["https://a:1", "b:2"])
    #expect(options.tls == EtcdTLS(caFile: "ca", certificateFile: "c", keyFile: "k"))
    #expect(options.user == EtcdUser(name: "me", password: "p:w"))
    let separate = try EtcdOptions(environment: [
      "ETCDCTL_USER": "me:x", "ETCDCTL_PASSWORD": "pw",
    ])
    #expect(separate.user == EtcdUser(name: "me:x", password: "pw"))
    let none = try EtcdOptions(environment: ["ETCDCTL_CACERT": ""])
    #expect(none.servers.isEmpty && none.tls == nil && none.user == nil)
  }

  @Test(
    "a variable that is wrong is named",
    arguments: [
      (["ETCDCTL_ENDPOINTS": "a:1,a/b"], "ETCDCTL_ENDPOINTS names \"a/b\""),
      (["ETCDCTL_CERT": "c"], "ETCDCTL_CERT and ETCDCTL_KEY only one is set"),
      (["ETCDCTL_USER": "me"], "ETCDCTL_USER has no password"),
    ])
  func wrong(_ environment: [String: String], _ expected: String) throws {
    let error = #expect(throws: ResolutionFailure.self) {
      try EtcdOptions(environment: environment)
    }
    #expect(try #require(error).message.contains(expected))
  }
}
