import ArgumentParser
import FairleadDiscovery
import FairleadEtcd
import FairleadGRPC
import FairleadKubernetes
import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2Posix

/// Calls `helloworld.Greeter` and counts which pod answered, over either transport.
@main
struct GreeterClient: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "greeter-client",
    abstract: "Call a greeter and count which pod answered.",
    discussion: """
      Examples:
        greeter-client dns:///greeter.default.svc.cluster.local:50051
        greeter-client dns:///greeter:50051 --transport grpc-swift
        greeter-client kubernetes:///greeter.default:grpc --duration 1m --rate 2000
        greeter-client etcd://10.0.0.1:2379/services/greeter --stream

      Ctrl-C ends the calls and prints the counts. Exits with 1 if a call failed.
      """
  )

  enum Transport: String, ExpressibleByArgument, CaseIterable {
    case fairlead
    case grpcSwift = "grpc-swift"
  }

  @Argument(help: "What to call, in gRPC's syntax.")
  var target: String

  @Option(help: "Whose transport to call over: fairlead or grpc-swift.")
  var transport = Transport.fairlead

  @Option(help: ArgumentHelp("gRPC's service config.", valueName: "json"))
  var serviceConfig = #"{"loadBalancingConfig": [{"round_robin": {}}]}"#

  @OptionGroup
  var plan: CallPlan

  @Flag(help: "Print JSON: an object for each second of --duration, and one at the end.")
  var json = false

  func run() async throws {
    let tally: Tally
    switch transport {
    case .grpcSwift:
      // Before: dns gives this transport all addresses as one server, and it calls the first.
      let transport: HTTP2ClientTransport.Posix = try .http2NIOPosix(
        target: try builtInTarget(), transportSecurity: .plaintext,
        serviceConfig: try JSONDecoder().decode(ServiceConfig.self, from: Data(serviceConfig.utf8)))
      tally = try await call(over: transport)

    case .fairlead:
      // After: the same calls, each to the next server.
      let transport: BalancedTransport = try .balanced(
        target: target, security: .plaintext,
        serviceConfig: try ClientServiceConfig(json: serviceConfig), resolvers: resolvers())
      tally = try await call(over: transport) { transport.endpoints.map(Report.Endpoint.init) }
    }
    if tally.report().failed > 0 { throw ExitCode.failure }
  }

  /// Everything below `withGRPCClient` knows nothing of the transport.
  private func call(
    over transport: some ClientTransport,
    endpoints: @escaping @Sendable () -> [Report.Endpoint] = { [] }
  ) async throws -> Tally {
    let tally = Tally(endpoints: endpoints)
    try await withGRPCClient(transport: transport) { client in
      let calls = Calls(Helloworld_Greeter.Client(wrapping: client), plan: plan, tally: tally)
      await calls.run { print(try? tally.report().text(json: json, isLast: false)) }
      print(try tally.report().text(json: json, isLast: true))
    }
    return tally
  }

  /// `dns`, `ipv4` and the like are there already; these two ask etcd and the Kubernetes API.
  private func resolvers() -> ResolverRegistry {
    var resolvers = ResolverRegistry.standard
    resolvers.registerEtcd(environment: ProcessInfo.processInfo.environment)
    do {
      try resolvers.registerKubernetes()
    } catch {
      // No credentials: there is no cluster here, and no scheme for it.
      if target.hasPrefix("kubernetes:") { report(error.message) }
    }
    return resolvers
  }

  /// grpc-swift has a type for each scheme, and none for etcd and Kubernetes.
  private func builtInTarget() throws -> any ResolvableTarget {
    let parsed = try ResolverRegistry.standard.target(target)
    let addresses = parsed.endpoint.split(separator: ",").map { address in
      let host = address.prefix { $0 != ":" }
      return (host: String(host), port: Int(address.dropFirst(host.count + 1)))
    }
    switch (parsed.scheme, addresses.first) {
    case ("dns", let name?) where parsed.authority.isEmpty && addresses.count == 1:
      return .dns(host: name.host, port: name.port ?? 443)
    case ("ipv4", _?):
      return .ipv4(pairs: addresses.map { (host: $0.host, port: $0.port ?? 443) })
    default:
      throw ValidationError("grpc-swift's transport takes dns:///NAME:PORT and ipv4:ADDRESS:PORT.")
    }
  }

  private func report(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data((text + "\n").utf8))
  }

  private func print(_ text: String?) {
    guard let text else { return }
    // Who reads it may have enough, as `head` does.
    try? FileHandle.standardOutput.write(contentsOf: Data((text + "\n").utf8))
  }
}
