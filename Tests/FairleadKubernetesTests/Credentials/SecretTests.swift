import FairleadTestSupport
import Foundation
import Logging
import Testing

@testable import FairleadKubernetes

@Suite("Secrets do not show", .timeLimit(.minutes(1)))
struct SecretTests {
  private let hidden = "s3cret"

  @Test("However a secret or what holds one is printed, its text does not show")
  func descriptions() {
    let secret = Secret(hidden)
    let plugin = ExecPlugin(
      apiVersion: "v1", command: "make",
      environment: [ExecPlugin.Variable(name: "TOKEN", value: secret)])
    let holders: [Any] = [
      secret, ClusterAccess.Authentication.token(secret),
      ClusterAccess.Authentication.basic(user: "u", password: secret),
      ClusterAccess.ClientCertificate(chain: secret, key: secret),
      RequestCredentials.Authorization.bearer(secret), plugin,
      ClusterAccess(
        server: ServerAddress(host: "a", port: 1), authentication: .exec(plugin),
        certificate: ClusterAccess.ClientCertificate(chain: secret, key: secret), source: "test"),
    ]
    for holder in holders {
      var dumped = ""
      dump(holder, to: &dumped)
      for text in ["\(holder)", String(reflecting: holder), dumped] {
        #expect(!text.contains(hidden), "\(text)")
      }
    }
    #expect("\(secret)" == "<secret>")
  }

  @Test("The text itself is what a request gets")
  func headers() {
    #expect(RequestCredentials.Authorization.bearer(Secret("t")).headerValue == "Bearer t")
    #expect(
      RequestCredentials.Authorization.basic(user: "Aladdin", password: Secret("open sesame"))
        .headerValue == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==")
  }

  @Test("Neither failures nor logs of a source that is refused hold the token")
  func logs() async throws {
    let api = try StandInAPI(token: "another")
    let folder = try TemporaryFolder()
    let lines = Noted<String>()
    var options = quickOptions()
    options.logger = Logger(label: "test") { _ in NotedLog(lines: lines) }
    let logging = options
    try await withAPI(api) {
      let client = try client(of: api, in: folder, options: logging, user: "{token: \(hidden)}")
      let source = KubernetesSource(client: client)
      try await Following.run(source) { following in
        await expectEventually { source.statuses.allSatisfy { $0.failures > 1 } }
        #expect(following.failures.first?.kind == .unauthorized)
        let told = "\(following.updates) \(source.statuses) \(lines.all)"
        #expect(!told.contains(hidden))
        #expect(!lines.all.isEmpty)
      }
    }
  }
}
