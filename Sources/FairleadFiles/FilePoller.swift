import FairleadManifests
import FairleadRouting

/// Looks at the files, and decides when they are read and what is worth telling.
///
/// A change is read at the look that sees the same files as the look before: until then they may
/// still be written.
struct FilePoller: Sendable {
  private let paths: [String]
  private let options: CompileOptions
  private let limits: FileLimits
  private var ledger: FileLedger
  private let times: FileTimes
  private var lastScan: FileScan?
  /// The look that first saw the change that was not read yet.
  private var changingSince: ContinuousClock.Instant?
  private var generation = 0
  private var told: Told?

  /// What was told last, to compare.
  private enum Told: Sendable, Equatable {
    case applied(CompiledConfiguration)
    case refused([Finding])
  }

  init(
    paths: [String], options: CompileOptions, limits: FileLimits, times: FileTimes = FileTimes()
  ) {
    self.paths = paths
    self.options = options
    self.limits = limits
    self.times = times
    ledger = FileLedger(limits: limits, patience: times.patience)
  }

  /// The time until the next look.
  var interval: Duration {
    changingSince == nil ? times.interval : times.intervalWhileChanging
  }

  /// Looks, and tells if something differs from what was told before. The first look reads at once.
  mutating func poll(now: () -> ContinuousClock.Instant) -> FileUpdate? {
    guard lastScan != nil else { return read(now: now) }
    let scan = FileScan(paths: paths, limits: limits)
    let time = now()
    let isSteady = scan == lastScan
    lastScan = scan
    if isSteady, changingSince == nil, !ledger.isUnsettled { return nil }
    if !isSteady, !hasWaitedLongEnough(at: time) { return nil }
    var updated = ledger
    let differs = updated.update(with: scan, at: time)
    // A writer may have begun between the look and the reading.
    let after = FileScan(paths: paths, limits: limits)
    if after != scan {
      lastScan = after
      if !hasWaitedLongEnough(at: time) { return nil }
    }
    ledger = updated
    changingSince = nil
    return differs ? tell(readAt: time) : nil
  }

  /// Looks, reads and tells in any case.
  mutating func read(now: () -> ContinuousClock.Instant) -> FileUpdate {
    let readAt = now()
    let scan = FileScan(paths: paths, limits: limits)
    lastScan = scan
    changingSince = nil
    _ = ledger.update(with: scan, at: readAt)
    let build = ConfigurationBuild(ledger.files, options: options)
    return update(build, readAt: readAt)
  }

  /// Called when files changed since the last look: whether they are read nevertheless.
  private mutating func hasWaitedLongEnough(at time: ContinuousClock.Instant) -> Bool {
    let since = changingSince ?? time
    changingSince = since
    return since.duration(to: time) >= times.longestWait
  }

  private mutating func tell(readAt: ContinuousClock.Instant) -> FileUpdate? {
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
