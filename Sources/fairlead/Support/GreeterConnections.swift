import FairleadDescriptors
import FairleadGRPC
import FairleadServices
import GRPCCore
import GRPCNIOTransportHTTP2Posix

/// Some connections to one greeter address, each a gRPC channel of its own, used in turn.
///
/// Open for the length of ``with(_:count:authority:body:)``.
struct GreeterConnections: Sendable {
  /// How a call ended.
  enum Answer: Sendable, Hashable {
    /// - Parameters:
    ///   - message: What the pod said.
    ///   - pod: Who said it.
    case reply(message: String, pod: String)
    /// - Parameters:
    ///   - status: Such as `UNAVAILABLE`.
    ///   - reason: The server's or the client library's words.
    case failure(status: String, reason: String)
  }

  private typealias Client = GRPCClient<HTTP2ClientTransport.Posix>

  private let greeters: [Helloworld_Greeter.Client<HTTP2ClientTransport.Posix>]

  /// Opens connections, runs `body`, and closes them.
  ///
  /// - Parameters:
  ///   - address: Where to connect.
  ///   - count: How many connections.
  ///   - authority: What the calls give as `:authority`; nil for the address.
  static func with<Result: Sendable>(
    _ address: HostPort,
    count: Int,
    authority: String?,
    body: @Sendable (GreeterConnections) async throws -> Result
  ) async throws -> Result {
    let clients = try (0..<count).map { _ in
      let transport = try HTTP2ClientTransport.Posix(
        target: address.target,
        transportSecurity: .plaintext,
        config: .defaults { $0.http2.authority = authority ?? address.description }
      )
      return Client(transport: transport)
    }
    return try await withThrowingDiscardingTaskGroup { group in
      for client in clients {
        // What goes wrong with a connection is said by its calls.
        group.addTask { try? await client.runConnections() }
      }
      // All calls have ended by then. Waiting for connections to end by themselves would be for ever where there is none:
      // they are tried again and again.
      defer { group.cancelAll() }
      let greeters = clients.map { Helloworld_Greeter.Client(wrapping: $0) }
      return try await body(GreeterConnections(greeters: greeters))
    }
  }

  /// Makes one call and says how it ended.
  ///
  /// - Parameters:
  ///   - turn: Counts up from 0; says whose turn it is.
  ///   - name: Whom to greet.
  ///   - timeout: How long the call may take.
  func greet(turn: Int, name: String, timeout: Duration) async -> Answer {
    do {
      let greeter = self.greeters[turn % self.greeters.count]
      let reply = try await greeter.reply(to: name, timeout: timeout)
      return .reply(message: reply.message, pod: reply.pod)
    } catch let error as RPCError {
      let status = Status.Code(error.code).canonicalName
      return .failure(status: status, reason: error.message.printable)
    } catch {
      return .failure(status: "UNKNOWN", reason: "\(error)")
    }
  }
}

extension Helloworld_Greeter.Client {
  /// Makes one call; what the pod said, and who it was, without control characters.
  ///
  /// - Parameters:
  ///   - name: Whom to greet.
  ///   - timeout: How long the call may take.
  /// - Throws: `RPCError`.
  func reply(
    to name: String, timeout: Duration
  ) async throws -> (message: String, pod: String) {
    var options = CallOptions.defaults
    options.timeout = timeout
    options.waitForReady = false
    return try await self.sayHello(.with { $0.name = name }, options: options) { response in
      let message = try response.message.message.printable
      let pod = response.metadata[stringValues: GreeterService.podKey].first { _ in true }
      return (message, pod?.printable ?? Self.pod(named: message))
    }
  }

  /// The pod that a foreign greeter names in its message only: `Hello world from <pod>`.
  private static func pod(named message: String) -> String {
    message.range(of: " from ").map { String(message[$0.upperBound...]) } ?? message
  }
}
