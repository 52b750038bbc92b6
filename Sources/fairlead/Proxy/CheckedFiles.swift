import FairleadConfiguration
import FairleadDiscovery
import FairleadFiles
import FairleadManifests
import FairleadTelemetry
import ServiceLifecycle

/// Files whose targets were tried, too: one that no resolver can be made for is an error of the files.
struct CheckedFiles: ObjectSource {
  private let source: FileSource
  private let resolvers: ResolverRegistry

  init(paths: [String], resolvers: ResolverRegistry) {
    source = FileSource(paths: paths)
    self.resolvers = resolvers
  }

  var watches: [WatchMetrics] { [] }

  func load() throws(RefusedConfiguration) -> FileConfiguration {
    let files = try source.load()
    if let refusal = refusal(of: files) { throw refusal }
    return files
  }

  func start(feeding controller: ConfigurationController) throws {
    do {
      controller.submit(try load())
    } catch {
      let findings = error.findings.map { "\n  \($0)" }.joined()
      throw CommandFailure("The configuration is refused, nothing was started:\(findings)")
    }
  }

  func run(feeding controller: ConfigurationController, status: ProxyStatus) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await source.run() }
      for await update in source.updates.cancelOnGracefulShutdown() {
        switch update {
        case .read(let files):
          if let refusal = refusal(of: files) {
            status.note(refusal)
          } else {
            status.noteAccepted()
            controller.submit(files)
          }
        case .refused(let refusal): status.note(refusal)
        }
      }
      try await group.waitForAll()
    }
  }

  private func refusal(of files: FileConfiguration) -> RefusedConfiguration? {
    let errors = resolvers.findings(of: files.store)
    guard !errors.isEmpty else { return nil }
    return RefusedConfiguration(
      findings: (files.findings + errors).sorted(), readAt: files.readAt)
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
