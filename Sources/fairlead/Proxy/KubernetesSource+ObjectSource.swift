import FairleadConfiguration
import FairleadKubernetes
import FairleadManifests
import FairleadTelemetry
import ServiceLifecycle

extension KubernetesSource: ObjectSource {
  /// Nothing is certain before the API server has answered, which may be later.
  func start(feeding controller: ConfigurationController) {}

  func run(feeding controller: ConfigurationController, status: ProxyStatus) async throws {
    status.wait(for: "waiting for the Kubernetes API")
    await cancelWhenGracefulShutdown {
      await self.run { update in
        if let failure = update.failure { status.note(failure) }
        if update.hasRecovered { status.noteRecovery() }
        if let findings = update.findings {
          status.note(invalid: Set(findings.filter { $0.severity == .error }))
        }
        guard !update.changes.isEmpty || update.findings != nil else { return }
        controller.submit(update.changes, findings: update.findings, readAt: update.arrivedAt)
      }
    }
  }

  var watches: [WatchMetrics] {
    statuses.map { status in
      WatchMetrics(
        kind: status.kind.rawValue, isSynced: status.isSynced, isFailing: status.failure != nil,
        objects: status.objects, open: status.open, events: status.events, lists: status.lists,
        failures: status.failures)
    }
  }
}
