import Foundation

/// Endpoints that a file lists, watched by looking at it again and again; see ``EndpointFile``.
struct FileEndpointSource: EndpointSource {
  private let path: String
  private let interval: Duration
  private let clock: any Clock<Duration>

  init(path: String, interval: Duration, clock: any Clock<Duration>) {
    self.path = path
    self.interval = interval
    self.clock = clock
  }

  func watch(_ feed: ResolutionFeed, hints: ResolverHints) async {
    var ledger = EndpointFileLedger(path: path)
    while !Task.isCancelled {
      switch ledger.took(look()) {
      case .wait: break
      case .answered(let endpoints): feed.answered(endpoints)
      case .failed(let failure): feed.failed(failure)
      }
      // Looked at all the time: hints would change nothing. Cancelled: the loop ends.
      try? await clock.sleep(for: interval)
    }
  }

  private func look() -> EndpointFileLedger.Look {
    var info = stat()
    guard stat(path, &info) == 0 else { return .unreadable(String(cString: strerror(errno))) }
    guard info.st_mode & S_IFMT == S_IFREG else { return .unreadable("it is no file") }
    guard let handle = FileHandle(forReadingAtPath: path) else {
      return .unreadable(String(cString: strerror(errno)))
    }
    defer { try? handle.close() }
    do {
      // One byte more than allowed shows that there is too much.
      let data = try handle.read(upToCount: EndpointFile.sizeLimit + 1) ?? Data()
      guard data.count <= EndpointFile.sizeLimit else {
        return .unreadable("it is larger than \(EndpointFile.sizeLimit) bytes")
      }
      return .text(String(decoding: data, as: UTF8.self))
    } catch {
      return .unreadable("reading failed")
    }
  }
}
