import FairleadDescriptors
import FairleadGRPC
import FairleadServices
import GRPCCore
import GRPCNIOTransportHTTP2Posix

/// Makes the calls of a hit, over a connection that is opened for it and closed behind it.
struct FrontCaller: Sendable {
  private let greeter: HostPort
  private let timeout: Duration
  private let connection: DirectConnection

  /// - Parameters:
  ///   - greeter: Where to connect.
  ///   - authority: What the calls give as `:authority`; nil for the address.
  ///   - timeout: How long connecting may take, and each call.
  ///   - seed: Of what has to be random.
  /// - Throws: `SecurityError`, never for plaintext.
  init(
    _ greeter: HostPort, authority: String?, timeout: Duration, seed: UInt64
  ) throws(SecurityError) {
    self.greeter = greeter
    self.timeout = timeout
    self.connection = try DirectConnection(
      security: .plaintext, authority: authority ?? greeter.description, seed: seed,
      group: .singletonMultiThreadedEventLoopGroup)
  }

  /// Makes so many calls, one after the other; stops at the first that fails, because an unreachable greeter
  /// would keep the page waiting for each.
  func hit(calls: Int, name: String) async -> FrontPages.Hit {
    do {
      let place = (self.greeter.host, self.greeter.port)
      return try await self.connection.with(
        .ip(host: place.0, port: place.1), within: self.timeout
      ) { link in
        try await self.calls(calls, name: name, over: link)
      }
    } catch let failure as DirectConnectionFailure {
      return .failed(
        turn: 1, status: "UNAVAILABLE", reason: "cannot connect: \(failure.reason.printable)")
    } catch {
      return .failed(turn: 1, status: "UNKNOWN", reason: "\(error)".printable)
    }
  }

  private func calls(
    _ count: Int, name: String, over link: DirectLink
  ) async throws -> FrontPages.Hit {
    let client = Helloworld_Greeter.Client(wrapping: link.client)
    var tally = GreetTally()
    for turn in 1...count {
      do {
        let reply = try await client.reply(to: name, timeout: self.timeout)
        tally.countReply(from: reply.pod)
      } catch let error as RPCError {
        return .failed(
          turn: turn, status: Status.Code(error.code).canonicalName,
          reason: await self.reason(error, link))
      }
    }
    return .answered(tally)
  }

  private func reason(_ error: RPCError, _ link: DirectLink) async -> String {
    // In grpc-swift's words it is not told how long that was.
    guard error.code == .deadlineExceeded, error.metadata.isEmpty else {
      return await link.explained(error).message.printable
    }
    return "no answer within \(GoDuration(self.timeout))"
  }
}
