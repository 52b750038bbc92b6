import FairleadManifests
import FairleadRouting

/// Looks at the files, and decides what is worth telling.
struct FilePoller: Sendable {
  private let paths: [String]
  private let options: CompileOptions
  private let limits: FileLimits
  private var ledger: FileLedger
  private var lastScan: FileScan?
  private var generation = 0
  private var told: Told?

  /// What was told last, to compare.
  private enum Told: Sendable, Equatable {
    case applied(CompiledConfiguration)
    case refused([Finding])
  }

  init(paths: [String], options: CompileOptions, limits: FileLimits) {
    self.paths = paths
    self.options = options
    self.limits = limits
    ledger = FileLedger(limits: limits)
  }

  /// Looks, and tells if something differs from what was told before.
  mutating func poll(now: () -> ContinuousClock.Instant) -> FileUpdate? {
    let scan = FileScan(paths: paths, limits: limits)
    if scan == lastScan, !ledger.isUnsettled { return nil }
    let readAt = now()
    lastScan = scan
    guard ledger.update(with: scan) || told == nil else { return nil }
    return tell(readAt: readAt, always: false)
  }

  /// Looks, and tells in any case.
  mutating func read(now: () -> ContinuousClock.Instant) -> FileUpdate {
    let readAt = now()
    let scan = FileScan(paths: paths, limits: limits)
    lastScan = scan
    _ = ledger.update(with: scan)
    let build = ConfigurationBuild(ledger.files, options: options)
    return update(build, readAt: readAt)
  }

  private mutating func tell(readAt: ContinuousClock.Instant, always: Bool) -> FileUpdate? {
    let build = ConfigurationBuild(ledger.files, options: options)
    let new = build.configuration.map(Told.applied) ?? .refused(build.findings)
    return new == told ? nil : update(build, readAt: readAt)
  }

  private mutating func update(
    _ build: ConfigurationBuild, readAt: ContinuousClock.Instant
  ) -> FileUpdate {
    guard let configuration = build.configuration else {
      told = .refused(build.findings)
      return .refused(RefusedConfiguration(findings: build.findings, readAt: readAt))
    }
    told = .applied(configuration)
    generation += 1
    return .applied(
      AppliedConfiguration(
        snapshot: configuration.snapshot(generation: generation), findings: build.findings,
        summary: configuration.summary, skippedKinds: build.skippedKinds, readAt: readAt))
  }
}
