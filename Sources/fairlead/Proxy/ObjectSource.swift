import FairleadConfiguration
import FairleadFiles
import FairleadManifests
import FairleadTelemetry

/// Where the objects of a proxy's configuration come from.
protocol ObjectSource: Sendable {
  /// Called once, before anything runs. Throws when it is certain that there is no configuration.
  func start(feeding controller: ConfigurationController) throws
  /// Tells changes until the proxy is asked to stop.
  func run(feeding controller: ConfigurationController, status: ProxyStatus) async throws
  /// How far each kind is followed in a Kubernetes API; empty for another source.
  var watches: [WatchMetrics] { get }
}

extension FileSource: ObjectSource {
  var watches: [WatchMetrics] { [] }

  func start(feeding controller: ConfigurationController) throws {
    do {
      controller.submit(try load())
    } catch let refusal as RefusedConfiguration {
      let findings = refusal.findings.map { "\n  \($0)" }.joined()
      throw CommandFailure("The configuration is refused, nothing was started:\(findings)")
    }
  }

  func run(feeding controller: ConfigurationController, status: ProxyStatus) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await self.run() }
      for await update in updates.cancelOnGracefulShutdown() {
        switch update {
        case .read(let files): controller.submit(files)
        case .refused(let refusal): status.note(refusal)
        }
      }
      try await group.waitForAll()
    }
  }
}

extension ConfigurationController {
  /// What files say, in the place of all that they said before.
  fileprivate func submit(_ files: FileConfiguration) {
    let changes = ManifestKind.allCases.map { kind in
      ObjectChange.replaceAll(kind, files.store.objects(of: kind))
    }
    submit(changes, findings: files.findings, readAt: files.readAt)
  }
}
