import FairleadBalancing
import FairleadDiscovery
import FairleadGRPC
import FairleadTestSupport
import GRPCCore
import NIOSSL
import Testing

@Suite("A balanced transport over TLS")
struct SecureTransportTests {
  /// What the target of `withBalancedClient` is called: servers must have that name.
  private static let subject = "DNS:servers"

  private let authority: TestAuthority
  private let own: TestAuthority.Issued

  init() throws {
    authority = try TestAuthority()
    own = try authority.issue("server", subject: Self.subject)
  }

  private func security(
    _ roots: String, _ identity: TestAuthority.Issued? = nil
  ) -> ClientSecurity {
    .tls(
      ClientSecurity.TLS(
        trustRoots: .file(roots),
        identity: identity.map { .files(certificateChain: $0.certificate, privateKey: $0.key) }))
  }

  @Test("serves calls of all servers that the authority vouches for")
  func serves() async throws {
    try await withServers(3, .tls(own)) { servers in
      try await withBalancedClient(of: servers, security: security(authority.certificate)) {
        client, transport in
        try await transport.waitUntilReady(3)
        for _ in 0..<9 { _ = try await client.callEmpty() }
        #expect(servers.map(\.calls) == [3, 3, 3])
      }
    }
  }

  @Test("shows its certificate to servers that ask for it; without one, calls fail and say so")
  func mutual() async throws {
    let identity = try authority.issue("client")
    let configuration = ServerConfiguration.tls(own, trusting: authority.certificate)
    try await withServers(2, configuration) { servers in
      try await withBalancedClient(
        of: servers, security: security(authority.certificate, identity)
      ) { client, transport in
        try await transport.waitUntilReady(2)
        for _ in 0..<4 { _ = try await client.callEmpty() }
        #expect(servers.map(\.calls) == [2, 2])
      }
      try await withBalancedClient(of: servers, security: security(authority.certificate)) {
        client, _ in
        let error = await failure { try await client.callEmpty() }
        #expect(error?.code == .unavailable)
        #expect(error?.message.contains("wants a client certificate; set an identity.") == true)
      }
      #expect(servers.map(\.calls) == [2, 2])
    }
  }

  @Test("fails calls with the cause when the servers' authority is not trusted")
  func wrongAuthority() async throws {
    let other = try TestAuthority("other CA")
    try await withServers(2, .tls(own)) { servers in
      try await withBalancedClient(of: servers, security: security(other.certificate)) {
        client, transport in
        let error = await failure { try await client.callEmpty() }
        #expect(error?.code == .unavailable)
        let message = try #require(error?.message)
        #expect(
          message.hasPrefix("No endpoint can be reached; the last error: The server 127.0.0.1:"))
        #expect(message.contains("is expired or not signed by a trusted authority; renew it, or"))
        #expect(transport.endpoints.allSatisfy { $0.lastError?.contains("authority") == true })
      }
      #expect(servers.map(\.calls) == [0, 0])
    }
  }

  @Test("fails calls with the cause when a server has another name")
  func wrongName() async throws {
    let stranger = try authority.issue("stranger", subject: "DNS:else.test")
    try await withServers(1, .tls(stranger)) { servers in
      try await withBalancedClient(of: servers, security: security(authority.certificate)) {
        client, _ in
        let error = await failure { try await client.callEmpty() }
        #expect(error?.code == .unavailable)
        #expect(error?.message.contains("has a certificate for other names; call it by") == true)
      }
    }
  }

  @Test("fails calls with the cause when a server does not speak TLS")
  func plaintextServer() async throws {
    try await withServers(1) { servers in
      try await withBalancedClient(of: servers, security: security(authority.certificate)) {
        client, _ in
        let error = await failure { try await client.callEmpty() }
        #expect(error?.code == .unavailable)
        #expect(error?.message.contains("TLS") == true)
      }
    }
  }

  @Test("uses certificates that changed for its next connections; those that are open stay")
  func reloads() async throws {
    let next = try TestAuthority("next CA")
    let roots = authority.folder + "/roots.pem"
    try replace(roots, with: authority.certificate)
    try await withServers(1, .tls(own)) { servers in
      try await withBalancedClient(of: servers, security: security(roots)) { client, transport in
        _ = try await client.callEmpty()
        try replace(roots, with: next.certificate)
        _ = try await client.callEmpty()
        #expect(servers[0].record.accepted == 1)

        servers[0].closeConnections()
        await expectEventually("the server is not trusted any more") {
          transport.endpoints[0].lastError?.contains("not signed by a trusted authority") == true
        }
        #expect(await failure { try await client.callEmpty() }?.code == .unavailable)

        try replace(roots, with: authority.certificate)
        try await transport.waitUntilReady(1)
        _ = try await client.callEmpty()
      }
    }
  }

  @Test("names its scheme and its authority as a server sees them", arguments: [false, true])
  func requests(isSecure: Bool) async throws {
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: try NIOSSLCertificate.fromPEMFile(own.certificate).map {
        .certificate($0)
      },
      privateKey: .privateKey(try NIOSSLPrivateKey(file: own.key, format: .pem)))
    configuration.applicationProtocols = ["h2"]
    let context = isSecure ? try NIOSSLContext(configuration: configuration) : nil
    try await withScriptedServer(.answer, tls: context) { server in
      let source = ManualSource()
      source.set([server.endpoint])
      let security = isSecure ? security(authority.certificate) : .plaintext
      try await withBalancedClient(of: source, security: security) { client, _ in
        _ = try await client.callEmpty()
        let headers = try #require(server.requests.first?.headers)
        #expect(headers[":scheme"] == [isSecure ? "https" : "http"])
        #expect(headers[":authority"] == ["servers"])
        #expect(headers[":path"] == ["/grpc.testing.TestService/EmptyCall"])
      }
    }
  }
}
