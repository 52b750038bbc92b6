import FairleadTestSupport
import Foundation
import Logging
import NIOSSL
import Testing

@testable import FairleadKubernetes

@Suite("TLS to the API server", .timeLimit(.minutes(1)))
struct TLSTests {
  private let configs: Kubeconfigs

  init() throws {
    configs = try Kubeconfigs()
  }

  /// A stand-in with a certificate; with `client` it asks for one of that authority.
  private func api(_ certificates: Certificates, asksForClient: Bool = false) throws -> StandInAPI {
    let chain = try NIOSSLCertificate.fromPEMFile(certificates.serverCertificate)
    let key = try NIOSSLPrivateKey(file: certificates.serverKey, format: .pem)
    var tls = TLSConfiguration.makeServerConfiguration(
      certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
    if asksForClient {
      tls.certificateVerification = .noHostnameVerification
      tls.trustRoots = .file(certificates.ca)
    }
    let api = try StandInAPI(tls: tls)
    try api.put(.service, Objects.service())
    return api
  }

  /// Why a list of Services fails; `nil` if it does not.
  private func failure(
    _ api: StandInAPI, cluster: String, user: String = "",
    options: KubernetesOptions = quickOptions()
  ) async throws -> KubernetesFailure? {
    let path = try configs.write(cluster: "server: \"\(api.url)\", \(cluster)", user: user)
    let client = KubernetesClient(
      CredentialSelection(kubeconfig: path, environment: [:]), options: options)
    let query = ReflectorMachine.ListQuery(version: "v1", revision: "0")
    let result = await client.withSession { session in
      await ListPage.read(
        query, scope: ResourceScope(.service), session: session, budget: 1 << 20)
    }
    switch result {
    case .success(let page):
      #expect(page.objects.map(\.key.name) == ["greeter"])
      return nil
    case .failure(let failure):
      return failure
    }
  }

  @Test("A server whose authority is known is believed, by a file and by data")
  func trusted() async throws {
    let certificates = try Certificates()
    let api = try api(certificates)
    try await withAPI(api) {
      let file = try await failure(api, cluster: "certificate-authority: \(certificates.ca)")
      #expect(file == nil)
      let data = try Certificates.data(certificates.ca)
      let inline = try await failure(api, cluster: "certificate-authority-data: \(data)")
      #expect(inline == nil)
    }
  }

  @Test("A server of another authority is not believed, and the authorities are named")
  func wrongAuthority() async throws {
    let api = try api(Certificates())
    let other = try Certificates()
    try await withAPI(api) {
      let failure = try await failure(api, cluster: "certificate-authority: \(other.ca)")
      #expect(failure?.kind == .certificate)
      #expect(failure?.message.contains(other.ca) == true, "\(String(describing: failure))")
      #expect(failure?.message.contains("not signed by") == true)
    }
  }

  @Test("A certificate that has expired is told")
  func expired() async throws {
    let certificates = try Certificates(isExpired: true)
    let api = try api(certificates)
    try await withAPI(api) {
      let failure = try await failure(api, cluster: "certificate-authority: \(certificates.ca)")
      #expect(failure?.kind == .certificate)
      #expect(failure?.message.contains("expired") == true, "\(String(describing: failure))")
    }
  }

  @Test("A certificate for another name is told, and tls-server-name mends it")
  func wrongName() async throws {
    let certificates = try Certificates(subject: "DNS:api.test")
    let api = try api(certificates)
    try await withAPI(api) {
      let authority = "certificate-authority: \(certificates.ca)"
      let failure = try await failure(api, cluster: authority)
      #expect(failure?.kind == .certificate)
      #expect(
        failure?.message.contains("tls-server-name") == true, "\(String(describing: failure))")
      let mended = try await self.failure(api, cluster: "\(authority), tls-server-name: api.test")
      #expect(mended == nil)
    }
  }

  @Test("A server that asks for a certificate gets the user's, from files and from data")
  func clientCertificate() async throws {
    let certificates = try Certificates()
    let api = try api(certificates, asksForClient: true)
    try await withAPI(api) {
      let authority = "certificate-authority: \(certificates.ca)"
      let files =
        "client-certificate: \(certificates.clientCertificate), client-key: \(certificates.clientKey)"
      let byFile = try await failure(api, cluster: authority, user: files)
      #expect(byFile == nil)
      let chain = try Certificates.data(certificates.clientCertificate)
      let key = try Certificates.data(certificates.clientKey)
      let byData = try await failure(
        api, cluster: authority, user: "client-certificate-data: \(chain), client-key-data: \(key)")
      #expect(byData == nil)
      let without = try await failure(api, cluster: authority)
      #expect(without != nil)
    }
  }

  @Test("A certificate that is no certificate is told without what it holds")
  func noPEM() async throws {
    let certificates = try Certificates()
    let api = try api(certificates)
    try await withAPI(api) {
      let file = try configs.folder.write("nothing.pem", "s3cret")
      let authority = try await failure(api, cluster: "certificate-authority: \(file)")
      #expect(authority?.message.contains("no certificate in PEM in \(file)") == true)
      let user = try await failure(
        api, cluster: "certificate-authority: \(certificates.ca)",
        user: "client-certificate: \(file), client-key: \(file)")
      #expect(user?.kind == .credentials)
      #expect(user?.message.contains("not valid PEM") == true)
      #expect(
        "\(String(describing: user)) \(String(describing: authority))".contains("s3cret") == false)
    }
  }

  @Test("A server that need not be verified is not, and that is warned of once")
  func insecure() async throws {
    let api = try api(Certificates())
    let lines = Noted<String>()
    var options = quickOptions()
    options.logger = Logger(label: "test") { _ in NotedLog(lines: lines) }
    try await withAPI(api) {
      let failure = try await failure(
        api, cluster: "insecure-skip-tls-verify: true", options: options)
      #expect(failure == nil)
      let warnings = lines.all.filter { $0.hasPrefix("warning") }
      #expect(warnings.count == 1)
      #expect(warnings.first?.contains("insecure-skip-tls-verify") == true)
    }
  }

  @Test("A server without TLS, and one that is not there, are told apart")
  func noTLS() async throws {
    let api = try StandInAPI()
    try await withAPI(api) {
      let url = api.url.replacing("http:", with: "https:")
      let path = try configs.write(cluster: "server: \"\(url)\"")
      let client = KubernetesClient(
        CredentialSelection(kubeconfig: path, environment: [:]), options: quickOptions())
      let request = APIRequest(
        verb: .list, scope: ResourceScope(.service), version: "v1", query: [])
      func message() async -> String {
        await client.withSession { session in
          do throws(KubernetesFailure) {
            _ = try await session.send(request)
            return ""
          } catch {
            return error.message
          }
        }
      }
      #expect(await message().contains("does not speak TLS"))
      await api.stop()
      let refused = await message()
      // Refused, or reset if the connection was still there.
      #expect(refused.contains("cannot be reached: connection re"), "\(refused)")
      #expect(refused.contains(path))
    }
  }
}
