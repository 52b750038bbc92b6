import FairleadDescriptors
import Foundation

/// A folder of our own for a while, which nobody else may look into.
struct TemporaryFolder: Sendable {
  private let folder: String

  init(prefix: String) throws(DescriptorProblem) {
    let place = FileManager.default.temporaryDirectory.path
    var template = Array("\(place)/\(prefix).XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw DescriptorProblem(
        "Cannot make a folder in \(place): make room, or set TMPDIR to another folder.")
    }
    self.folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  func path(of name: String) -> String { "\(self.folder)/\(name)" }

  /// - Parameter name: With the folders in it, which are made.
  func write(_ text: String, to name: String) throws(DescriptorProblem) {
    let url = URL(fileURLWithPath: path(of: name))
    do {
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: url)
    } catch {
      throw DescriptorProblem(
        "Cannot write \(url.path): make room, or set TMPDIR to another folder.")
    }
  }

  func remove() {
    try? FileManager.default.removeItem(atPath: self.folder)
  }
}
