import Foundation

/// A file that a report is written to when all is done, and that is found to be writable before.
struct ReportFile: Sendable {
  /// As the user wrote it, for messages.
  let path: String

  /// Where a symbolic link leads.
  private let place: URL

  /// Finds out whether a file could be written there, and leaves nothing behind.
  ///
  /// - Throws: ``CommandFailure`` when not.
  init(path: String) throws {
    self.path = path
    place = URL(fileURLWithPath: path).resolvingSymlinksInPath()
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: place.path, isDirectory: &isFolder) else {
      try tryToCreate(place)
      return
    }
    guard !isFolder.boolValue else { throw refusal("that is a folder; name a file in it") }
    // What is written anew and renamed would take the place of a device or a pipe.
    let kind = try? FileManager.default.attributesOfItem(atPath: place.path)[.type]
    guard kind as? FileAttributeType == .typeRegular else {
      throw refusal("that is not a regular file; name another")
    }
    guard access(place.path, W_OK) == 0 else { throw refusal(Self.lastError()) }
    // The new file will stand beside the old one for a moment.
    let process = ProcessInfo.processInfo.processIdentifier
    try tryToCreate(
      place.deletingLastPathComponent().appendingPathComponent(".fairlead-report-\(process)"))
  }

  /// Writes the file whole or not at all: a reader sees the old one or the new one.
  func write(_ text: String) throws {
    do {
      try Data(text.utf8).write(to: place, options: .atomic)
    } catch {
      throw refusal(Self.words(for: error))
    }
  }

  private func tryToCreate(_ trial: URL) throws {
    let descriptor = open(trial.path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw refusal(Self.lastError()) }
    close(descriptor)
    unlink(trial.path)
  }

  private func refusal(_ why: String) -> CommandFailure {
    CommandFailure("The report cannot be written to \(path): \(why).")
  }

  private static func lastError() -> String {
    words(forErrorNumber: errno)
  }

  private static func words(for error: any Error) -> String {
    let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
    guard let underlying, underlying.domain == NSPOSIXErrorDomain else {
      return error.localizedDescription
    }
    return words(forErrorNumber: Int32(underlying.code))
  }

  /// As the system says it, in the middle of a sentence.
  private static func words(forErrorNumber number: Int32) -> String {
    switch number {
    case ENOENT, ENOTDIR: "there is no such folder"
    case EACCES, EPERM: "permission denied"
    case EROFS: "the file system is read-only"
    case ENOSPC: "the disk is full"
    case ENAMETOOLONG: "the name is too long"
    default: String(cString: strerror(number)).lowercased()
    }
  }
}
