import Foundation

/// The text of `-d`: as it stands, of a file, or of standard input.
enum LoadData {
  private static let maximumSize = 64 << 20

  /// - Throws: ``CommandFailure`` for a file that cannot be read.
  static func text(_ argument: String) throws -> String {
    guard argument.hasPrefix("@") else { return argument }
    let path = String(argument.dropFirst())
    let handle = path.isEmpty ? FileHandle.standardInput : FileHandle(forReadingAtPath: path)
    let name = path.isEmpty ? "standard input" : "the file \(path)"
    guard let handle else {
      let reason = String(cString: strerror(errno)).lowercased()
      throw CommandFailure("The data cannot be read from \(name): \(reason).")
    }
    guard let data = try? handle.read(upToCount: Self.maximumSize + 1) else {
      throw CommandFailure("The data cannot be read from \(name); name a file.")
    }
    guard data.count <= Self.maximumSize else {
      throw CommandFailure("The data in \(name) are more than \(Self.maximumSize >> 20) MiB.")
    }
    guard let text = String(data: data, encoding: .utf8) else {
      throw CommandFailure("The data in \(name) are not UTF-8.")
    }
    return text
  }
}
