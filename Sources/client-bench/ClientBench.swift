import ArgumentParser
import FairleadGRPC
import FairleadServices
import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2Posix

/// `client-bench`: what a unary call costs a client, over one transport, as one line of JSON.
/// `bench/client` runs it again and again and compares.
@main
struct ClientBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "client-bench",
    abstract: "Call greeters over one transport, and print what that cost as JSON."
  )

  @Option(help: "The client library under test: built-in (grpc-swift's own) or balanced.")
  var transport: TransportKind

  @Option(help: "The servers, each an IPv4 address and a port, with commas between.")
  var addresses: AddressList

  @Option(help: "The policy's name in a service config; built-in knows round_robin and pick_first.")
  var policy = "round_robin"

  @Option(help: "How many tasks call, each one call after the other.")
  var concurrency = 16

  @Option(help: "How long to call while it is measured, in seconds.")
  var seconds = 2.0

  @Option(help: "How long to call before that, in seconds.")
  var warmUp = 1.0

  @Flag(help: "Raise SIGUSR1 where measuring begins and ends, for a library that counts.")
  var signals = false

  func validate() throws {
    guard concurrency > 0, seconds > 0, warmUp >= 0 else {
      throw ValidationError("--concurrency and --seconds have to be positive.")
    }
    guard transport == .balanced || ["round_robin", "pick_first"].contains(policy) else {
      throw ValidationError("grpc-swift's own transport has no policy \(policy).")
    }
  }

  func run() async throws {
    let report =
      switch transport {
      case .balanced: try await measure(over: balancedTransport())
      case .builtIn: try await measure(over: builtInTransport())
      }
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    FileHandle.standardOutput.write(try encoder.encode(report) + Data("\n".utf8))
  }

  private func balancedTransport() throws -> BalancedTransport {
    let list = addresses.pairs.map { "\($0.host):\($0.port)" }.joined(separator: ",")
    return try BalancedTransport(
      target: "ipv4:\(list)", security: .plaintext,
      serviceConfig: ClientServiceConfig(json: #"{"loadBalancingConfig": [{"\#(policy)": {}}]}"#))
  }

  private func builtInTransport() throws -> HTTP2ClientTransport.Posix {
    try HTTP2ClientTransport.Posix(
      target: .ipv4(pairs: addresses.pairs.map { (host: $0.host, port: $0.port) }),
      transportSecurity: .plaintext,
      serviceConfig: ServiceConfig(
        loadBalancingConfig: [
          policy == "round_robin" ? .roundRobin : .pickFirst(shuffleAddressList: false)
        ]))
  }

  /// Returns when the signal was handled. Threads of Dispatch block signals.
  private static func signal() {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGUSR1)
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    raise(SIGUSR1)
  }

  private func measure(over transport: some ClientTransport) async throws -> BenchReport {
    try await withGRPCClient(transport: transport) { client in
      let load = Load(
        greeter: Helloworld_Greeter.Client(wrapping: client), concurrency: concurrency)
      try await load.reachAll(addresses.pairs.count)
      _ = try await load.run(for: .seconds(warmUp))
      if signals { Self.signal() }
      let before = ResourceUsage.now
      let begin = ContinuousClock.now
      let tally = try await load.run(for: .seconds(seconds))
      let wall = ContinuousClock.now - begin
      let used = ResourceUsage.now - before
      if signals { Self.signal() }
      return BenchReport(tally, wall: wall, used: used)
    }
  }
}
