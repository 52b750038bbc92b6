import FairleadManifests
import Foundation

/// What was read of each file, so that only what changed is read again.
///
/// It knows the ways in which files are half written: a file that is empty for a moment, one that
/// is gone for a moment while an editor puts another in its place, and two changes within one tick
/// of the file system's clock.
struct FileLedger: Sendable {
  /// Looks for which a file that became empty, or vanished, is taken for one that is being written.
  static let patience = 2

  private let limits: FileLimits
  private var records: [String: Record] = [:]
  private var scanFindings: [Finding] = []

  private struct Record: Sendable {
    var fingerprint: FileFingerprint
    var decoded: DecodedFile
    /// It changed at the last look, and may have changed again without a sign.
    var isSettling: Bool
    /// Looks since it is empty or gone; its old content counts until then.
    var patienceSpent = 0
  }

  init(limits: FileLimits) {
    self.limits = limits
  }

  /// The files in order, with what is wrong with the paths as a file of its own.
  var files: [DecodedFile] {
    let decoded = records.sorted { $0.key < $1.key }.map(\.value.decoded)
    return scanFindings.isEmpty ? decoded : decoded + [DecodedFile(findings: scanFindings)]
  }

  /// Whether anything may have to be read although the scan is the same as before.
  var isUnsettled: Bool {
    records.values.contains { $0.isSettling || $0.patienceSpent > 0 }
  }

  /// Takes a new look into account. Returns whether the content differs.
  mutating func update(with scan: FileScan) -> Bool {
    var differs = scan.findings != scanFindings
    scanFindings = scan.findings
    var next: [String: Record] = [:]
    var hasNewFile = false
    for entry in scan.files {
      guard let old = records.removeValue(forKey: entry.path) else {
        hasNewFile = true
        next[entry.path] = read(entry)
        continue
      }
      let record = update(old, with: entry)
      differs = differs || record.decoded != old.decoded
      next[entry.path] = record
    }
    // What is left in `records` has vanished. With a new file beside it, it was moved.
    for (path, record) in records where !hasNewFile && record.patienceSpent + 1 < Self.patience {
      // A path that was named itself is reported as unreadable at once.
      guard scan.findings.isEmpty else { break }
      var kept = record
      kept.patienceSpent += 1
      next[path] = kept
    }
    differs = differs || hasNewFile || records.keys.contains { next[$0] == nil }
    records = next
    return differs
  }

  private func update(_ old: Record, with entry: FileScan.Entry) -> Record {
    let isSame = entry.fingerprint == old.fingerprint
    if isSame, !old.isSettling, old.patienceSpent == 0 { return old }
    var record = read(entry)
    record.isSettling = !isSame
    let becameEmpty = entry.fingerprint.size == 0 && !old.decoded.objects.isEmpty
    if becameEmpty, old.patienceSpent + 1 < Self.patience {
      record.decoded = old.decoded
      record.patienceSpent = old.patienceSpent + 1
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
