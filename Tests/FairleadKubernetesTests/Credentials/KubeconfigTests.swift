import FairleadTestSupport
import Foundation
import Testing

@testable import FairleadKubernetes

/// Kubeconfigs of one test.
struct Kubeconfigs {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  /// Writes a kubeconfig with one context, `test`.
  @discardableResult
  func write(
    _ name: String = "config", context: String = "test", cluster: String = "server: https://a.test",
    user: String = ""
  ) throws -> String {
    try folder.write(
      name,
      """
      apiVersion: v1
      kind: Config
      current-context: \(context)
      contexts: [{name: \(context), context: {cluster: \(context), user: \(context)}}]
      clusters: [{name: \(context), cluster: {\(cluster)}}]
      users: [{name: \(context), user: {\(user)}}]
      """)
  }

  func load(
    _ environment: [String: String] = [:], context: String? = nil, path: String? = nil
  ) throws -> ClusterAccess {
    var selection = CredentialSelection(
      context: context, kubeconfig: path, environment: environment)
    selection.serviceAccountFolder = "\(folder.path)/serviceaccount"
    return try selection.load()
  }

  /// The sentence with which loading fails.
  func failure(
    _ environment: [String: String] = [:], context: String? = nil, path: String? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) -> String {
    do {
      let access = try load(environment, context: context, path: path)
      Issue.record("no failure but \(access)", sourceLocation: sourceLocation)
      return ""
    } catch {
      let failure = error as? KubernetesFailure
      #expect(failure?.kind == .credentials, sourceLocation: sourceLocation)
      return failure?.message ?? ""
    }
  }
}

@Suite("Kubeconfigs")
struct KubeconfigTests {
  private let configs: Kubeconfigs

  init() throws {
    configs = try Kubeconfigs()
  }

  @Test("A context names a cluster, a user and a namespace")
  func context() throws {
    let path = try configs.folder.write(
      "config",
      """
      current-context: one
      contexts:
      - {name: one, context: {cluster: a, user: u, namespace: shop}}
      - {name: two, context: {cluster: b}}
      clusters:
      - {name: a, cluster: {server: "https://a.test:6443/prefix/"}}
      - {name: b, cluster: {server: "http://[fd00::1]:8080"}}
      users: [{name: u, user: {token: t0ken}}]
      preferences: {colors: true}
      """)
    let one = try configs.load(path: path)
    #expect(one.server == ServerAddress(host: "a.test", port: 6443, pathPrefix: "/prefix"))
    #expect(one.authentication == .token(Secret("t0ken")))
    #expect(one.namespace == "shop")
    #expect(one.source.contains(path) && one.source.contains("\"one\""))
    let two = try configs.load(context: "two", path: path)
    #expect(two.server == ServerAddress(isTLS: false, host: "fd00::1", port: 8080))
    #expect(two.server.url() == "http://[fd00::1]:8080")
    #expect(two.authentication == .none)
    #expect(two.namespace == "default")
  }

  @Test("Of several files the first that says something counts, and paths belong to their file")
  func merging() throws {
    let first = try configs.folder.write(
      "a/config",
      """
      contexts: [{name: one, context: {cluster: c, user: u}}]
      users: [{name: u, user: {tokenFile: token}}]
      """)
    let second = try configs.folder.write(
      "b/config",
      """
      current-context: one
      contexts: [{name: one, context: {cluster: other}}, {name: two, context: {cluster: c}}]
      clusters: [{name: c, cluster: {server: "https://c.test", certificate-authority: ../ca.pem}}]
      users: [{name: u, user: {token: wrong}}]
      """)
    let ca = try configs.folder.write("ca.pem", "authority")
    let list = "\(configs.folder.path)/absent:\(first)::\(second)"
    let access = try configs.load(["KUBECONFIG": list])
    #expect(access.server.host == "c.test")
    #expect(access.authentication == .tokenFile("\(configs.folder.path)/a/token"))
    #expect(access.trust.authorities == [UInt8]("authority".utf8))
    #expect(access.trust.authoritiesSource == ca)
    #expect(try configs.load(["KUBECONFIG": list], context: "two").authentication == .none)
  }

  @Test("Certificates are read from data, which comes before files, and from files")
  func material() throws {
    let key = try configs.folder.write("key.pem", "key in a file")
    let encoded = Data("in the config".utf8).base64EncodedString()
    let both = try configs.load(
      path: configs.write(
        cluster:
          "server: https://a, certificate-authority-data: \(encoded), certificate-authority: /no",
        user: "client-certificate-data: \(encoded), client-certificate: /no, client-key: \(key)"))
    #expect(both.trust.authorities == [UInt8]("in the config".utf8))
    #expect(both.certificate?.chain == Secret("in the config"))
    #expect(both.certificate?.key == Secret("key in a file"))
  }

  @Test("A token's file comes before a token, and a token before a password and a plugin")
  func precedence() throws {
    let exec = "exec: {apiVersion: client.authentication.k8s.io/v1, command: make}"
    func authentication(_ user: String) throws -> ClusterAccess.Authentication {
      try configs.load(path: configs.write(user: user)).authentication
    }
    #expect(try authentication("tokenFile: /t, token: a, \(exec)") == .tokenFile("/t"))
    #expect(
      try authentication("token: a, username: u, password: p, \(exec)") == .token(Secret("a")))
    #expect(
      try authentication("username: u, password: p, \(exec)")
        == .basic(user: "u", password: Secret("p")))
    guard case .exec(let plugin) = try authentication(exec) else {
      Issue.record("no plugin")
      return
    }
    #expect(plugin.command == "make")
    #expect(plugin.cluster == nil)
  }

  @Test("The server's name and a proxy are taken over")
  func serverNameAndProxy() throws {
    let access = try configs.load(
      path: configs.write(
        cluster: "server: https://a, tls-server-name: api, proxy-url: socks5://p.test"))
    #expect(access.trust.serverName == "api")
    #expect(
      access.proxy == ClusterAccess.ProxyAddress(host: "p.test", port: 1080, isSOCKS: true))
  }

  @Test(
    "What is wrong with a kubeconfig is said in a sentence",
    arguments: [
      ("a: b", "has no current-context"),
      ("current-context: x", "has no context \"x\""),
      ("current-context: x\ncontexts: [{name: y, context: {cluster: c}}]", "name one of: y"),
      (
        "current-context: x\ncontexts: [{name: x, context: {cluster: c}}]",
        "names the cluster \"c\", which is not there"
      ),
      ("contexts: 5", "contexts is missing or of the wrong type"),
      ("contexts: [{name: x}]", "contexts[0]"),
      ("- a", "it is no mapping"),
      ("a: [", "is not valid YAML"),
      ("", "no mapping, or a field is missing"),
    ])
  func unusable(text: String, reason: String) throws {
    let path = try configs.folder.write("config", text)
    let message = configs.failure(path: path)
    #expect(message.contains(reason) && message.contains(path), "\(message)")
  }

  @Test(
    "What is wrong with a cluster or a user is said in a sentence",
    arguments: [
      ("server: \"ftp://a\"", "", "is no http or https URL"),
      ("server: \"https://\"", "", "is no http or https URL"),
      ("server: https://a, certificate-authority-data: \"%\"", "", "not base64"),
      ("server: https://a, certificate-authority: /absent/ca", "", "no such file or directory"),
      ("server: https://a, proxy-url: ftp://p", "", "neither http:// nor socks5://"),
      ("server: https://a, proxy-url: \"http://u:p@p\"", "", "without a user"),
      ("server: https://a", "client-key-data: YQ==", "only one of client-certificate"),
      ("server: https://a", "auth-provider: {name: gcp}", "auth-provider \"gcp\""),
      ("server: https://a", "exec: {command: x}", "apiVersion \"\""),
      (
        "server: https://a", "exec: {apiVersion: client.authentication.k8s.io/v1, command: \"\"}",
        "without a command"
      ),
      (
        "server: https://a",
        "exec: {apiVersion: client.authentication.k8s.io/v1, command: x, interactiveMode: Always}",
        "asks at a terminal"
      ),
    ])
  func unusableEntry(cluster: String, user: String, reason: String) throws {
    let message = configs.failure(path: try configs.write(cluster: cluster, user: user))
    #expect(message.contains(reason), "\(message)")
    #expect(!message.contains("u:p"), "\(message)")
  }

  @Test("Without any file the places that were looked at are told")
  func absent() {
    let path = "\(configs.folder.path)/absent"
    #expect(configs.failure(path: path).contains(path))
    #expect(configs.failure(["KUBECONFIG": path]).contains(path))
    #expect(
      configs.failure(["HOME": configs.folder.path]).contains("\(configs.folder.path)/.kube/config")
    )
    #expect(configs.failure().contains("KUBECONFIG and HOME are not set"))
  }

  @Test("A file that is far too large is not read")
  func tooLarge() throws {
    let path = try configs.folder.write(
      "config", String(repeating: "#", count: CredentialFile.sizeLimit + 1))
    #expect(configs.failure(path: path).contains("is larger than"))
  }
}

@Suite("A pod's service account")
struct ServiceAccountTests {
  private let configs: Kubeconfigs
  private let pod = ["KUBERNETES_SERVICE_HOST": "10.96.0.1", "KUBERNETES_SERVICE_PORT": "443"]

  init() throws {
    configs = try Kubeconfigs()
  }

  private func mount() throws {
    try configs.folder.write("serviceaccount/token", "t0ken\n")
    try configs.folder.write("serviceaccount/ca.crt", "authority")
    try configs.folder.write("serviceaccount/namespace", "shop")
  }

  @Test("The server is the environment's, the rest stands in the files")
  func inCluster() throws {
    try mount()
    let access = try configs.load(pod)
    #expect(access.server == ServerAddress(host: "10.96.0.1", port: 443))
    #expect(access.authentication == .tokenFile("\(configs.folder.path)/serviceaccount/token"))
    #expect(access.trust.authorities == [UInt8]("authority".utf8))
    #expect(access.trust.isVerified)
    #expect(access.namespace == "shop")
  }

  @Test("An IPv6 address may stand in brackets")
  func ipv6() throws {
    try mount()
    let access = try configs.load(pod.merging(["KUBERNETES_SERVICE_HOST": "[fd00::1]"]) { $1 })
    #expect(access.server.url() == "https://[fd00::1]:443")
  }

  @Test("A kubeconfig that is named comes before it, and it before the one at home")
  func precedence() throws {
    try mount()
    let home = pod.merging(["HOME": configs.folder.path]) { $1 }
    try configs.folder.write(
      ".kube/config",
      String(
        decoding: FileManager.default.contents(atPath: configs.write()) ?? Data(), as: UTF8.self))
    #expect(try configs.load(home).server.host == "10.96.0.1")
    #expect(try configs.load(["HOME": configs.folder.path]).server.host == "a.test")
    #expect(try configs.load(home, context: "test").server.host == "a.test")
    let named = home.merging(["KUBECONFIG": "\(configs.folder.path)/config"]) { $1 }
    #expect(try configs.load(named).server.host == "a.test")
  }

  @Test("A pod without a token, or with half an environment, is told so")
  func broken() throws {
    #expect(configs.failure(pod).contains("automountServiceAccountToken"))
    try mount()
    try FileManager.default.removeItem(atPath: "\(configs.folder.path)/serviceaccount/ca.crt")
    #expect(configs.failure(pod).contains("ca.crt"))
    for port in ["", "x", "0", "65536"] {
      let environment = pod.merging(["KUBERNETES_SERVICE_PORT": port]) { $1 }
      #expect(configs.failure(environment).contains("KUBERNETES_SERVICE_PORT is \"\(port)\""))
    }
  }
}
