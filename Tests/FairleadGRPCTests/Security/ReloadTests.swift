import FairleadTestSupport
import Foundation
import Testing

@testable import FairleadGRPC

@Suite("Certificates that change")
struct ReloadTests {
  private let authority: TestAuthority
  /// What the client reads.
  private let roots: String
  private let identity: ClientSecurity.Identity
  private let source: SecuritySource

  init() throws {
    authority = try TestAuthority()
    let client = try authority.issue("client")
    let folder = authority.folder
    roots = folder + "/roots.pem"
    try replace(roots, with: authority.certificate)
    try replace(folder + "/tls.crt", with: client.certificate)
    try replace(folder + "/tls.key", with: client.key)
    identity = .files(certificateChain: folder + "/tls.crt", privateKey: folder + "/tls.key")
    source = try SecuritySource(
      .tls(ClientSecurity.TLS(trustRoots: .file(roots), identity: identity)))
  }

  @Test("are used by the next connection: the authority")
  func newAuthority() async throws {
    let next = try TestAuthority("next CA")
    try await withServers(1, .tls(next.issue("server"))) { servers in
      #expect(await SecureConnection.failure(source, to: servers[0].port) != nil)
      try replace(roots, with: next.certificate)
      #expect(await SecureConnection.failure(source, to: servers[0].port) == nil)
      #expect(source.current().generation == 2)
    }
  }

  @Test("are used by the next connection: our own, of a new authority")
  func newIdentity() async throws {
    let next = try TestAuthority("next CA")
    let renewed = try next.issue("client")
    let configuration = ServerConfiguration.tls(
      try authority.issue("server"), trusting: next.certificate)
    try await withServers(1, configuration) { servers in
      #expect(await SecureConnection.failure(source, to: servers[0].port) != nil)
      // One after the other, as most tools do: in between, they do not go together.
      try replace(authority.folder + "/tls.crt", with: renewed.certificate)
      #expect(source.current().generation == 1)
      #expect(source.failure?.message.contains("does not go with its private key") == true)
      try replace(authority.folder + "/tls.key", with: renewed.key)
      #expect(await SecureConnection.failure(source, to: servers[0].port) == nil)
      #expect(source.current().generation == 2)
      #expect(source.failure == nil)
    }
  }

  @Test("are not loaded again while they are the same")
  func same() throws {
    let first = source.current()
    try replace(roots, with: authority.certificate)
    let second = source.current()
    #expect(second.generation == first.generation)
    #expect(second.context === first.context)
  }

  @Test(
    "leave the last good ones in use while they are broken",
    arguments: ["roots.pem", "tls.crt", "tls.key"])
  func broken(file: String) async throws {
    let path = authority.folder + "/" + file
    let good = try content(of: path)
    try await withServers(1, .tls(authority.issue("server"))) { servers in
      for half in [[], Array(good.prefix(good.count / 2)), Array("no PEM".utf8)] {
        try write(half, to: path)
        #expect(await SecureConnection.failure(source, to: servers[0].port) == nil)
        #expect(source.failure?.message.contains("is not valid PEM, \(path); write ") == true)
      }
      try write(good, to: path)
      #expect(source.current().generation == 1)
      #expect(source.failure == nil)
    }
  }

  @Test("leave the last good ones in use while one is gone")
  func gone() throws {
    try FileManager.default.moveItem(atPath: roots, toPath: roots + ".hidden")
    #expect(source.current().generation == 1)
    #expect(source.failure?.message.contains("cannot be read, \(roots): no such file") == true)
    try FileManager.default.moveItem(atPath: roots + ".hidden", toPath: roots)
    #expect(source.current().generation == 1)
    #expect(source.failure == nil)
  }
}
