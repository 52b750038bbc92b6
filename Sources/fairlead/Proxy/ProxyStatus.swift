import FairleadAdmin
import FairleadFiles
import FairleadProxy
import FairleadTelemetry
import Foundation
import Synchronization

/// What the admin pages show of a running proxy: its counters, and which configuration is in force since when.
final class ProxyStatus: AdminSource {
  private let proxy: Proxy
  private let state = Mutex(State())

  private struct State {
    var configuration = ConfigurationMetrics()
    var readAt: String?
    var appliedAt: String?
    var refused: [String] = []
  }

  init(proxy: Proxy) {
    self.proxy = proxy
  }

  // MARK: Configuration

  /// Puts a configuration in force on every worker, then notes it.
  func apply(_ configuration: AppliedConfiguration) async {
    await proxy.apply(configuration.snapshot)
    let now = WallClock.system.now
    let readAt = now.addingTimeInterval(-configuration.readAt.duration(to: .now).inSeconds)
    state.withLock { state in
      state.configuration.generation = configuration.snapshot.generation
      state.configuration.applied += 1
      state.configuration.lastAppliedSeconds = now.timeIntervalSince1970
      state.readAt = WallClock.text(readAt)
      state.appliedAt = WallClock.text(now)
      state.refused = []
    }
  }

  /// A reading was refused; what was in force stays so.
  func note(_ refusal: RefusedConfiguration) {
    state.withLock { state in
      state.configuration.refused += 1
      state.refused = refusal.findings.map(\.description)
    }
  }

  // MARK: AdminSource

  func readiness() async -> Readiness {
    switch proxy.phase {
    case .starting: .notReady(reason: "the listeners are not bound yet")
    case .serving: .ready
    case .draining: .notReady(reason: "draining")
    }
  }

  func metrics() async -> ProxyMetrics {
    var metrics = await proxy.metrics()
    metrics.version = Version.current
    metrics.configuration = state.withLock(\.configuration)
    return metrics
  }

  func clusters() async -> [ClusterStatus] {
    await proxy.clusters()
  }

  func configuration() async -> ConfigurationStatus {
    let snapshot = proxy.snapshot
    return state.withLock { state in
      ConfigurationStatus(
        snapshot: snapshot, readAt: state.readAt, appliedAt: state.appliedAt,
        refused: state.refused)
    }
  }
}

extension Duration {
  fileprivate var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
