import FairleadManifests

/// Looks at the files, and decides when they are read and what is worth telling.
///
/// A change is read at the look that sees the same files as the look before: until then they may
/// still be written.
struct FilePoller: Sendable {
  private let paths: [String]
  private let limits: FileLimits
  private var ledger: FileLedger
  private let times: FileTimes
  private var lastScan: FileScan?
  /// The look that first saw the change that was not read yet.
  private var changingSince: ContinuousClock.Instant?
  private var told: Told?

  /// What was told last, to compare.
  private enum Told: Sendable, Equatable {
    case read(ObjectStore, [Finding])
    case refused([Finding])

    init(_ set: ManifestSet) {
      self = set.store.map { .read($0, set.findings) } ?? .refused(set.findings)
    }
  }

  init(paths: [String], limits: FileLimits, times: FileTimes = FileTimes()) {
    self.paths = paths
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
    let set = ManifestSet(ledger.files)
    return update(set, telling: Told(set), readAt: readAt)
  }

  /// Called when files changed since the last look: whether they are read nevertheless.
  private mutating func hasWaitedLongEnough(at time: ContinuousClock.Instant) -> Bool {
    let since = changingSince ?? time
    changingSince = since
    return since.duration(to: time) >= times.longestWait
  }

  private mutating func tell(readAt: ContinuousClock.Instant) -> FileUpdate? {
    let set = ManifestSet(ledger.files)
    let news = Told(set)
    return news == told ? nil : update(set, telling: news, readAt: readAt)
  }

  private mutating func update(
    _ set: ManifestSet, telling news: Told, readAt: ContinuousClock.Instant
  ) -> FileUpdate {
    told = news
    switch news {
    case .read(let store, let findings):
      return .read(
        FileConfiguration(
          store: store, findings: findings, skippedKinds: set.skippedKinds, readAt: readAt))
    case .refused(let findings):
      return .refused(RefusedConfiguration(findings: findings, readAt: readAt))
    }
  }
}
