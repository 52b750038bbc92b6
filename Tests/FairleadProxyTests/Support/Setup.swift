import FairleadBalancing
import FairleadHTTP2
import FairleadRouting
import FairleadTelemetry
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Testing

@testable import FairleadProxy

/// A proxy on loopback, with one worker, and what a test needs around it.
struct Setup: Sendable {
  let proxy: Proxy
  /// For clients and backends.
  let group: MultiThreadedEventLoopGroup
  let port: Int
  /// Of the listeners after the outbound one.
  let bindPorts: [Int]
  /// Asks the proxy to stop.
  let stop: @Sendable () async -> Void
  /// Waits until `run` has returned.
  let stopped: @Sendable () async -> Bool

  static let service = ServiceIdentity(
    host: "greeter.default.svc.cluster.local", name: "greeter", namespace: "default")

  func client() async throws -> Client {
    try await Client.connect(to: port, on: group)
  }

  /// - Parameter maxStreams: how many calls it takes on one connection.
  func backend(
    _ name: String, maxStreams: Int = 100,
    _ behaviour: @escaping Backend.Behaviour = { call, _ in call.answer() }
  ) async throws -> Backend {
    var configuration = SessionConfiguration()
    configuration.maxConcurrentStreams = maxStreams
    return try await Backend.start(name, on: group, configuration: configuration, behaviour)
  }

  /// Starts backends that answer.
  func backends(_ names: String...) async throws -> [Backend] {
    var backends: [Backend] = []
    for name in names {
      backends.append(try await backend(name))
    }
    return backends
  }

  /// Puts one service in force, all of whose calls go to these backends.
  func apply(_ backends: [Backend], policy: String = "round_robin", generation: Int = 1) async {
    await apply(Self.snapshot(ports: backends.map { ($0.name, $0.port) }, policy: policy))
  }

  func apply(_ snapshot: Snapshot) async {
    await proxy.apply(snapshot)
  }

  static func cluster(
    ports: [(String, Int)], subset: String? = nil, policy: String = "round_robin"
  ) -> Cluster {
    Cluster(
      service: service, port: 80, subset: subset, policyName: policy,
      endpoints: EndpointSet(
        ports.map { Endpoint(address: .ip(host: "127.0.0.1", port: $1), name: $0) }))
  }

  static func host(_ split: [(Cluster, Int)]) -> VirtualHost {
    VirtualHost(
      service: service, port: 80, domains: ["greeter:80", "greeter"],
      balancing: .rpc(fallback: .roundRobin),
      routes: [
        Route(
          name: "default",
          split: split.map { WeightedDestination(clusterName: $0.name, weight: $1) })
      ])
  }

  static func snapshot(
    ports: [(String, Int)], policy: String = "round_robin", generation: Int = 1
  ) -> Snapshot {
    let cluster = cluster(ports: ports, policy: policy)
    return Snapshot(
      generation: generation, virtualHosts: [host([(cluster, 1)])], clusters: [cluster])
  }

  /// What was counted for the service's cluster.
  func metrics(subset: String = "") async throws -> ClusterMetrics {
    try #require(await proxy.metrics().clusters.first { $0.identity.subset == subset })
  }

  /// How many calls of the cluster ended with this flag.
  func count(flag: ResponseFlag?, of calls: CallCounters) -> UInt64 {
    calls.outcomes.all.filter { $0.kind.flag == flag }.reduce(0) { $0 + $1.count }
  }
}

extension ProxyConfiguration {
  /// The defaults on a free port, changed for one test.
  static func test(_ change: (inout ProxyConfiguration) -> Void = { _ in }) -> ProxyConfiguration {
    var configuration = ProxyConfiguration()
    configuration.outbound = ListenAddress(host: "127.0.0.1", port: 0)
    configuration.drainTime = .milliseconds(200)
    // Long enough for all endpoints of a test to be ready before the first call.
    configuration.settleTime = .seconds(5)
    configuration.seed = 7
    change(&configuration)
    return configuration
  }
}

/// Runs a proxy around a test, and stops it in the end.
func withProxy(
  _ configuration: ProxyConfiguration = .test(),
  unreachable: @escaping @Sendable ([String]) -> Void = { _ in },
  _ body: @escaping @Sendable (Setup) async throws -> Void
) async throws {
  let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
  let ends = MultiThreadedEventLoopGroup(numberOfThreads: 1)
  let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
  let proxy = try await Proxy(
    configuration: configuration, group: group, logger: logger, unreachable: unreachable)
  let services = ServiceGroup(services: [proxy], logger: logger)
  let running = Task { try await services.run() }
  let ports = await proxy.listening().compactMap {
    $0.split(separator: ":").last.flatMap { Int($0) }
  }
  let setup = Setup(
    proxy: proxy, group: ends, port: try #require(ports.first), bindPorts: Array(ports.dropFirst()),
    stop: { await services.triggerGracefulShutdown() },
    stopped: { (try? await running.value) != nil })
  let outcome: Result<Void, any Error>
  do {
    try await body(setup)
    outcome = .success(())
  } catch {
    outcome = .failure(error)
  }
  await services.triggerGracefulShutdown()
  try await running.value
  try await group.shutdownGracefully()
  try await ends.shutdownGracefully()
  try outcome.get()
}
