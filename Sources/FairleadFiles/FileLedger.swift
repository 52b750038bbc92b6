import FairleadManifests
import Foundation

/// What was read of each file, so that only what changed is read again.
///
/// It knows the ways in which files are half written: a file that is empty for a moment, one that
/// is gone for a moment while an editor puts another in its place, and two changes within one tick
/// of the file system's clock.
struct FileLedger: Sendable {
  private let limits: FileLimits
  private let patience: Duration
  private var records: [String: Record] = [:]
  private var scanFindings: [Finding] = []

  private struct Record: Sendable {
    var fingerprint: FileFingerprint
    var decoded: DecodedFile
    /// It changed at the last look, and may have changed again without a sign.
    var isSettling: Bool
    /// When it was first seen empty or gone; its old content counts until patience ends.
    var missingSince: ContinuousClock.Instant?
  }

  init(limits: FileLimits, patience: Duration) {
    self.limits = limits
    self.patience = patience
  }

  /// The files in order, with what is wrong with the paths as a file of its own.
  var files: [DecodedFile] {
    let decoded = records.sorted { $0.key < $1.key }.map(\.value.decoded)
    return scanFindings.isEmpty ? decoded : decoded + [DecodedFile(findings: scanFindings)]
  }

  /// Whether anything may have to be read although the scan is the same as before.
  var isUnsettled: Bool {
    records.values.contains { $0.isSettling || $0.missingSince != nil }
  }

  /// Takes a new look, at `time`, into account. Returns whether the content differs.
  mutating func update(with scan: FileScan, at time: ContinuousClock.Instant) -> Bool {
    var differs = false
    var next: [String: Record] = [:]
    var hasNewFile = false
    for entry in scan.files {
      guard let old = records.removeValue(forKey: entry.path) else {
        hasNewFile = true
        next[entry.path] = read(entry)
        continue
      }
      let record = update(old, with: entry, at: time)
      differs = differs || record.decoded != old.decoded
      next[entry.path] = record
    }
    let kept = hasNewFile ? [:] : keepVanished(scan, at: time)
    // A folder that is empty only because of a file that is still waited for is not told yet.
    if kept.isEmpty {
      differs = differs || scan.findings != scanFindings
      scanFindings = scan.findings
    }
    differs = differs || hasNewFile || kept.count < records.count
    records = next.merging(kept) { present, _ in present }
    return differs
  }

  /// Those of the vanished files, which are what is left in `records`, that may come back. With a
  /// new file beside them, they were moved.
  private func keepVanished(
    _ scan: FileScan, at time: ContinuousClock.Instant
  ) -> [String: Record] {
    // A path that was named itself is reported as unreadable at once.
    guard scan.findings.allSatisfy({ $0.code == .noManifests }) else { return [:] }
    return records.compactMapValues { waiting($0, for: $0.missingSince, at: time) }
  }

  /// The record as of a file that is missing since then, or `nil` if patience has ended.
  private func waiting(
    _ record: Record, for since: ContinuousClock.Instant?, at time: ContinuousClock.Instant
  ) -> Record? {
    let since = since ?? time
    guard since.duration(to: time) < patience else { return nil }
    var record = record
    record.missingSince = since
    return record
  }

  private func update(
    _ old: Record, with entry: FileScan.Entry, at time: ContinuousClock.Instant
  ) -> Record {
    let isSame = entry.fingerprint == old.fingerprint
    if isSame, !old.isSettling, old.missingSince == nil { return old }
    var record = read(entry)
    record.isSettling = !isSame
    let becameEmpty = entry.fingerprint.size == 0 && !old.decoded.objects.isEmpty
    if becameEmpty, var waiting = waiting(record, for: old.missingSince, at: time) {
      waiting.decoded = old.decoded
      return waiting
    }
    return record
  }

  private func read(_ entry: FileScan.Entry) -> Record {
    Record(
      fingerprint: entry.fingerprint, decoded: decode(entry.path), isSettling: true)
  }

  private func decode(_ path: String) -> DecodedFile {
    guard let handle = FileHandle(forReadingAtPath: path) else {
      let reason = String(cString: strerror(errno))
      return unreadable(path, reason)
    }
    defer { try? handle.close() }
    do {
      // One byte more than allowed shows that there is too much.
      let data = try handle.read(upToCount: limits.yaml.fileSize + 1) ?? Data()
      return DecodedFile(bytes: [UInt8](data), file: path, limits: limits.yaml)
    } catch {
      return unreadable(path, "reading failed")
    }
  }

  private func unreadable(_ path: String, _ reason: String) -> DecodedFile {
    let message = "the file cannot be read: \(reason)"
    return DecodedFile(findings: [
      Finding(.error, .unreadable, message, at: Origin(file: path))
    ])
  }
}
