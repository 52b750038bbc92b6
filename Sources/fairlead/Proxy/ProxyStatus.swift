import FairleadAdmin
import FairleadConfiguration
import FairleadDiscovery
import FairleadFiles
import FairleadKubernetes
import FairleadManifests
import FairleadProxy
import FairleadRouting
import FairleadTelemetry
import Foundation
import Synchronization

/// What people are shown of a running proxy: its counters, and which configuration is in force since when. Changes are
/// also said on standard error.
final class ProxyStatus: AdminSource, ConfigurationSink {
  /// The first configuration, once it is in force; for one reader.
  let first: AsyncStream<AppliedConfiguration>

  private let isFirst: AsyncStream<AppliedConfiguration>.Continuation
  private let proxy: Proxy
  private let resolvers: ResolverPool
  private let source: any ObjectSource
  private let state = Mutex(State())

  private struct State {
    var configuration = ConfigurationMetrics()
    var readAt: String?
    var appliedAt: String?
    var refused: [String] = []
    var applied: AppliedConfiguration?
    /// Why there is no configuration yet, as far as it is known.
    var waitingFor: String?
    /// Objects of the API server that keep their last good version.
    var invalid = Set<Finding>()
  }

  init(proxy: Proxy, resolvers: ResolverPool, source: any ObjectSource) {
    self.proxy = proxy
    self.resolvers = resolvers
    self.source = source
    (first, isFirst) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(1))
  }

  // MARK: Configuration

  /// Puts a configuration in force on every worker, then notes it.
  func apply(_ configuration: AppliedConfiguration) async {
    await proxy.apply(configuration.snapshot)
    let now = WallClock.system.now
    let readAt = now.addingTimeInterval(-configuration.readAt.duration(to: .now).inSeconds)
    let generation = configuration.snapshot.generation
    state.withLock { state in
      state.configuration.generation = generation
      state.configuration.applied += 1
      state.configuration.lastAppliedSeconds = now.timeIntervalSince1970
      state.readAt = WallClock.text(readAt)
      state.appliedAt = WallClock.text(now)
      state.applied = configuration
    }
    if generation == 1 {
      isFirst.yield(configuration)
      isFirst.finish()
    } else if configuration.snapshot.changes == .everything {
      Console.error("Configuration \(generation) is in force: \(configuration.summary).")
    }
  }

  /// A reading was refused; what was in force stays so.
  func note(_ refusal: RefusedConfiguration) {
    state.withLock { state in
      state.configuration.refused += 1
      state.refused = refusal.findings.map(\.description)
    }
    Console.error("The new configuration is refused, the old one stays in force:")
    for finding in refusal.findings {
      Console.error("  \(finding)")
    }
  }

  /// A reading was accepted, after one that was refused perhaps.
  func noteAccepted() {
    let wasRefused = state.withLock { state in
      defer { state.refused = [] }
      return !state.refused.isEmpty
    }
    if wasRefused { Console.error("The configuration is good again.") }
  }

  /// The first configuration is still to come, and this is why.
  func wait(for reason: String) {
    state.withLock { $0.waitingFor = reason }
  }

  /// The Kubernetes API fails in another way than before. What is known stays.
  func note(_ failure: KubernetesFailure) {
    let isWaiting = state.withLock { state in
      guard state.configuration.generation == 0 else { return false }
      state.waitingFor = failure.message
      return true
    }
    Console.error(
      isWaiting
        ? "Waiting for Kubernetes: \(failure.message)"
        : "\(failure.message) The last good configuration stays in force.")
  }

  func noteRecovery() {
    Console.error("The Kubernetes API is followed again.")
  }

  /// These are all errors in objects of the API server now; those objects keep their last good version.
  func note(invalid findings: Set<Finding>) {
    let new = state.withLock { state in
      defer { state.invalid = findings }
      let new = findings.subtracting(state.invalid)
      state.configuration.refused += new.count
      return new
    }
    for finding in new.sorted() {
      let object = finding.origin.object ?? "An object"
      Console.error(
        "\(object) is invalid, its last good version stays in force: \(finding.message)")
    }
  }

  func resolverDidChange(_ target: String, to resolution: Resolution) async {
    guard let failure = resolution.failure else {
      return Console.error("\(target) is resolved again.")
    }
    Console.error("\(target): \(failure.message)\(Self.consequence(resolution))")
  }

  private static func consequence(_ resolution: Resolution) -> String {
    if resolution.endpoints.isEmpty { return " It has no endpoints until there is an answer." }
    // What was answered just now came beside the failure.
    guard let age = resolution.age(at: .now), age > .milliseconds(500) else { return "" }
    return " Its last good endpoints stay in force."
  }

  // MARK: AdminSource

  func readiness() async -> FairleadAdmin.Readiness {
    switch proxy.phase {
    case .starting:
      .notReady(
        reason: state.withLock(\.waitingFor) ?? "the listeners are not bound yet")
    case .serving: .ready
    case .draining: .notReady(reason: "draining")
    }
  }

  func metrics() async -> ProxyMetrics {
    var metrics = await proxy.metrics()
    metrics.version = Version.current
    metrics.configuration = state.withLock(\.configuration)
    metrics.resolvers = resolvers.statuses(at: .now).map { status in
      ResolverMetrics(
        target: status.target, endpoints: status.endpoints, ageSeconds: status.age?.inSeconds,
        isFailing: status.failure != nil)
    }
    metrics.watches = source.watches
    return metrics
  }

  func clusters() async -> [ClusterStatus] {
    await proxy.clusters()
  }

  func configuration() async -> ConfigurationStatus {
    let snapshot = proxy.snapshot
    let state = state.withLock(\.self)
    return ConfigurationStatus(
      snapshot: snapshot, readAt: state.readAt, appliedAt: state.appliedAt,
      refused: state.refused, findings: state.applied?.findings.map(\.description) ?? [])
  }
}

extension Duration {
  fileprivate var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
