import FairleadBalancing
import FairleadTestSupport
import GRPCCore
import NIOCore
import NIOPosix
import Testing

@testable import FairleadGRPC

#if canImport(Musl)
  import Musl
#elseif canImport(Glibc)
  import Glibc
#endif

@Suite("A direct connection")
struct DirectConnectionTests {
  private struct Enough: Error {}

  private func connection(
    _ security: ClientSecurity = .plaintext, silence: Duration? = nil
  ) throws -> DirectConnection {
    try DirectConnection(
      security: security, authority: nil, silence: silence, seed: 1,
      group: .singletonMultiThreadedEventLoopGroup)
  }

  private func address(_ port: Int) -> EndpointAddress { .ip(host: "127.0.0.1", port: port) }

  private func failure(
    _ connection: DirectConnection, port: Int, within limit: Duration = .seconds(30)
  ) async -> DirectConnectionFailure? {
    await #expect(throws: DirectConnectionFailure.self) {
      try await connection.with(address(port), within: limit) { _ in }
    }
  }

  @Test("serves calls, and is closed when they are done")
  func serves() async throws {
    try await withServers { servers in
      let connection = try connection()
      for _ in 0..<2 {
        try await connection.with(address(servers[0].port), within: .seconds(30)) { link in
          let service = Grpc_Testing_TestService.Client(wrapping: link.client)
          _ = try await service.emptyCall(.init())
          _ = try await service.emptyCall(.init())
          #expect(servers[0].record.connected == 1)
        }
        await expectEventually { servers[0].record.connected == 0 }
      }
      #expect(servers[0].calls == 4)
    }
  }

  @Test("is closed, too, when its user fails")
  func fails() async throws {
    try await withServers { servers in
      let connection = try connection()
      await #expect(throws: Enough.self) {
        try await connection.with(address(servers[0].port), within: .seconds(30)) { _ in
          throw Enough()
        }
      }
      await expectEventually { servers[0].record.connected == 0 }
    }
  }

  @Test("asks TCP for news of a silent server if it is told to", arguments: [nil, 7])
  func silence(seconds: Int?) async throws {
    try await withServers { servers in
      let connection = try connection(silence: seconds.map { .seconds($0) })
      try await connection.with(address(servers[0].port), within: .seconds(30)) { link in
        let channel = try #require(link.attempt.channel)
        let isAsked = try await channel.getOption(.socketOption(.so_keepalive)).get()
        #expect((isAsked != 0) == (seconds != nil))
        #if os(Linux)
          let idle = NIOBSDSocket.Option(rawValue: TCP_KEEPIDLE)
          let value = try await channel.getOption(.tcpOption(idle)).get()
          #expect((Int(value) == seconds) == (seconds != nil))
        #endif
      }
    }
  }

  @Test("that is refused may be tried again")
  func refused() async throws {
    let port = try ReservedPort()
    let failure = await failure(try connection(), port: port.number)
    #expect(failure == DirectConnectionFailure(reason: "connection refused", isLasting: false))
  }

  @Test("to a server that says nothing is given up in time")
  func silence() async throws {
    let listener = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .bind(host: "127.0.0.1", port: 0).get()
    let port = try #require(listener.localAddress?.port)
    let failure = await failure(try connection(), port: port, within: .milliseconds(100))
    #expect(failure?.reason == "it does not answer in time")
    #expect(failure?.isLasting == false)
    try await listener.close()
  }

  @Test("to a server that is not to be trusted is not tried again")
  func untrusted() async throws {
    let (authority, stranger) = (try TestAuthority(), try TestAuthority("other CA"))
    let identity = try authority.issue("server", subject: "IP:127.0.0.1")
    try await withServers(1, .tls(identity)) { servers in
      let trusted = try connection(.tls(.init(trustRoots: .file(authority.certificate))))
      try await trusted.with(address(servers[0].port), within: .seconds(30)) { _ in }
      let untrusted = try connection(.tls(.init(trustRoots: .file(stranger.certificate))))
      let failure = await failure(untrusted, port: servers[0].port)
      #expect(failure?.isLasting == true)
      #expect(failure?.reason.contains("add its authority to trustRoots") == true)
    }
  }
}
