import FairleadManifests
import Foundation

/// One look at the paths that were named: which manifests there are, and what the file system says
/// of each.
struct FileScan: Sendable, Equatable {
  /// By path as it is shown in findings, in order, each file once.
  private(set) var files: [Entry] = []
  private(set) var findings: [Finding] = []
  /// Manifests met, those met twice counted twice.
  private var found = 0

  struct Entry: Sendable, Hashable {
    var path: String
    var fingerprint: FileFingerprint
  }

  private struct Identity: Hashable {
    var device: UInt64
    var inode: UInt64

    init(_ fingerprint: FileFingerprint) {
      device = fingerprint.device
      inode = fingerprint.inode
    }
  }

  static let suffixes = [".yaml", ".yml", ".json"]

  init(paths: [String], limits: FileLimits) {
    var seen = Set<Identity>()
    for path in paths {
      guard let fingerprint = FileFingerprint(path: path) else {
        let reason = String(cString: strerror(errno))
        refuse(.unreadable, "the path cannot be read: \(reason)", path)
        continue
      }
      if fingerprint.isDirectory {
        let before = found
        walk(path, fingerprint, depth: 0, limits: limits, ancestors: [], seen: &seen)
        if found == before {
          refuse(.noManifests, "the folder has no file `*.yaml`, `*.yml` or `*.json`", path)
        }
      } else {
        add(path, fingerprint, seen: &seen)
      }
    }
    if files.count > limits.files {
      refuse(.tooLarge, "there are more than \(limits.files) files", paths.first ?? "")
      files = []
    }
  }

  private mutating func walk(
    _ folder: String, _ fingerprint: FileFingerprint, depth: Int, limits: FileLimits,
    ancestors: Set<Identity>, seen: inout Set<Identity>
  ) {
    guard depth <= limits.folderDepth, files.count <= limits.files else { return }
    // A symbolic link may lead back up.
    guard !ancestors.contains(Identity(fingerprint)) else { return }
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: folder)
    } catch {
      return refuse(.unreadable, "the folder cannot be read", folder)
    }
    // Hidden names are left out: editors' temporary files, and the `..data` and `..2024_…` folders
    // of a mounted ConfigMap, whose files are reached through the links beside them.
    for name in names.sorted() where !name.hasPrefix(".") {
      let path = folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
      // Gone in the meantime, or a link to nothing: as if it were not there.
      guard let child = FileFingerprint(path: path) else { continue }
      if child.isDirectory {
        walk(
          path, child, depth: depth + 1, limits: limits,
          ancestors: ancestors.union([Identity(fingerprint)]), seen: &seen)
      } else if child.isRegular, Self.suffixes.contains(where: name.hasSuffix) {
        add(path, child, seen: &seen)
      }
    }
  }

  private mutating func add(
    _ path: String, _ fingerprint: FileFingerprint, seen: inout Set<Identity>
  ) {
    guard fingerprint.isRegular else {
      return refuse(.unreadable, "the path is neither a file nor a folder", path)
    }
    found += 1
    guard seen.insert(Identity(fingerprint)).inserted else { return }
    files.append(Entry(path: path, fingerprint: fingerprint))
  }

  private mutating func refuse(_ code: FindingCode, _ message: String, _ path: String) {
    findings.append(Finding(.error, code, message, at: Origin(file: path)))
  }
}
