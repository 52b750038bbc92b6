import FairleadTestSupport
import Testing

@testable import FairleadGRPC

@Suite("TLS to a real server")
struct TLSConnectionTests {
  private func source(
    _ trustRoots: ClientSecurity.TrustRoots,
    _ change: (inout ClientSecurity.TLS) -> Void = { _ in }
  ) throws -> SecuritySource {
    var tls = ClientSecurity.TLS(trustRoots: trustRoots)
    change(&tls)
    return try SecuritySource(.tls(tls))
  }

  @Test("is made with an address, and with a name")
  func good() async throws {
    let authority = try TestAuthority()
    let own = try authority.issue("server", subject: "IP:127.0.0.1,DNS:greeter.test")
    try await withServers(1, .tls(own)) { servers in
      let source = try source(.file(authority.certificate))
      #expect(source.scheme == "https")
      for name in ["127.0.0.1", "greeter.test", "greeter.test."] {
        let server = try await SecureConnection.call(
          source, to: servers[0].port, serverName: name)
        #expect(server == "server-0")
      }
    }
  }

  @Test("trusts bytes as it trusts files")
  func bytes() async throws {
    let authority = try TestAuthority()
    try await withServers(1, .tls(authority.issue("server"))) { servers in
      let source = try source(.pem(.bytes(content(of: authority.certificate))))
      #expect(await SecureConnection.failure(source, to: servers[0].port) == nil)
    }
  }

  @Test("fails with a server that another authority vouches for")
  func wrongAuthority() async throws {
    let (authority, other) = (try TestAuthority(), try TestAuthority("other CA"))
    try await withServers(1, .tls(authority.issue("server"))) { servers in
      for roots in [ClientSecurity.TrustRoots.file(other.certificate), .system] {
        let failure = await SecureConnection.failure(try source(roots), to: servers[0].port)
        #expect(
          failure
            == "The server 127.0.0.1:\(servers[0].port) has a certificate that is expired or not "
            + "signed by a trusted authority; renew it, or add its authority to trustRoots.")
      }
    }
  }

  @Test("fails with a server whose certificate has expired")
  func expired() async throws {
    let authority = try TestAuthority()
    try await withServers(1, .tls(authority.issue("server", days: -1))) { servers in
      let failure = await SecureConnection.failure(
        try source(.file(authority.certificate)), to: servers[0].port)
      #expect(failure?.contains("expired") == true)
      // Names do not matter then, but the time does.
      let unnamed = try source(.file(authority.certificate)) { $0.verification = .noHostname }
      let other = await SecureConnection.failure(unnamed, to: servers[0].port)
      #expect(other?.contains("expired") == true)
    }
  }

  @Test("fails with a server of another name or address, unless the name is not to be checked")
  func wrongName() async throws {
    let authority = try TestAuthority()
    let own = try authority.issue("server", subject: "DNS:greeter.test,IP:127.0.0.9")
    try await withServers(1, .tls(own)) { servers in
      let port = servers[0].port
      let strict = try source(.file(authority.certificate))
      for name in ["127.0.0.1", "127.0.0.9", "else.test"] {
        let failure = await SecureConnection.failure(strict, to: port, serverName: name)
        #expect(
          failure
            == "The server 127.0.0.1:\(port) has a certificate for other names; call it by one that "
            + "it has, or set serverHostname.")
      }
      let named = try source(.file(authority.certificate)) { $0.serverHostname = "greeter.test" }
      let lenient = try source(.file(authority.certificate)) { $0.verification = .noHostname }
      let blind = try source(.system) { $0.verification = .insecureAcceptAnyCertificate }
      for source in [named, lenient, blind] {
        #expect(await SecureConnection.failure(source, to: port, serverName: "else.test") == nil)
      }
    }
  }

  @Test("fails with a server that has the address of the connection in place of the name")
  func addressForName() async throws {
    let authority = try TestAuthority()
    for subject in ["IP:127.0.0.1", "IP:127.0.0.1,DNS:other.example"] {
      let own = try authority.issue("server", subject: subject)
      try await withServers(1, .tls(own)) { servers in
        let port = servers[0].port
        let strict = try source(.file(authority.certificate))
        let named = try source(.file(authority.certificate)) { $0.serverHostname = "pods.example" }
        for (source, name) in [(strict, "pods.example"), (named, "127.0.0.1")] {
          let failure = await SecureConnection.failure(source, to: port, serverName: name)
          #expect(
            failure
              == "The server 127.0.0.1:\(port) has a certificate for other names; call it by one "
              + "that it has, or set serverHostname.")
        }
        let lenient = try self.source(.file(authority.certificate)) {
          $0.verification = .noHostname
        }
        #expect(
          await SecureConnection.failure(lenient, to: port, serverName: "pods.example") == nil)
        #expect(await SecureConnection.failure(strict, to: port) == nil)
      }
    }
  }

  @Test("shows a certificate to a server that wants one")
  func mutual() async throws {
    let authority = try TestAuthority()
    let (own, client) = (try authority.issue("server"), try authority.issue("client"))
    try await withServers(1, .tls(own, trusting: authority.certificate)) { servers in
      let source = try source(.file(authority.certificate)) {
        $0.identity = .files(certificateChain: client.certificate, privateKey: client.key)
      }
      #expect(await SecureConnection.failure(source, to: servers[0].port) == nil)
      let bytes = try ClientSecurity.Identity(
        certificateChain: .bytes(content(of: client.certificate)),
        privateKey: .bytes(content(of: client.key)))
      let fromBytes = try self.source(.file(authority.certificate)) { $0.identity = bytes }
      #expect(await SecureConnection.failure(fromBytes, to: servers[0].port) == nil)
    }
  }

  @Test("fails without a certificate, and with one of a stranger, where one is wanted")
  func mutualRefused() async throws {
    let (authority, other) = (try TestAuthority(), try TestAuthority("other CA"))
    let stranger = try other.issue("client")
    let configuration = ServerConfiguration.tls(
      try authority.issue("server"), trusting: authority.certificate)
    try await withServers(1, configuration) { servers in
      let port = servers[0].port
      let none = try source(.file(authority.certificate))
      let failure = await SecureConnection.failure(none, to: port)
      #expect(
        failure == "The server 127.0.0.1:\(port) wants a client certificate; set an identity.")
      let strange = try source(.file(authority.certificate)) {
        $0.identity = .files(certificateChain: stranger.certificate, privateKey: stranger.key)
      }
      let refusal = await SecureConnection.failure(strange, to: port)
      #expect(refusal?.contains("does not accept our client certificate") == true)
    }
  }

  @Test("says so when a server does not speak TLS")
  func plaintextServer() async throws {
    try await withServers(1) { servers in
      let failure = await SecureConnection.failure(try source(.system), to: servers[0].port)
      #expect(failure?.hasPrefix("The server 127.0.0.1:\(servers[0].port) ") == true)
      #expect(failure?.contains("TLS") == true)
    }
  }

  @Test("is not made for plaintext")
  func plaintext() async throws {
    try await withServers(1) { servers in
      let source = try SecuritySource(.plaintext)
      #expect(source.scheme == "http")
      let handlers = try source.current().makeHandlers(serverName: "greeter.test", server: "")
      #expect(handlers.isEmpty)
      #expect(await SecureConnection.failure(source, to: servers[0].port) == nil)
    }
  }
}
