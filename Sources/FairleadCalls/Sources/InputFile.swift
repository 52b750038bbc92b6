import FairleadDescriptors
import Foundation

/// Reads files that the user names.
enum InputFile {
  /// - Parameter role: What it is for, in words that begin a sentence.
  static func read(
    _ path: String, maximumSize: Int, role: String
  ) throws(DescriptorProblem) -> [UInt8] {
    guard let handle = FileHandle(forReadingAtPath: path) else {
      let reason = String(cString: strerror(errno)).lowercased()
      throw DescriptorProblem("\(role) \(path) cannot be read: \(reason).")
    }
    defer { try? handle.close() }
    let data: Data
    do {
      // One byte more than allowed shows that there is too much.
      data = try handle.read(upToCount: maximumSize + 1) ?? Data()
    } catch {
      throw DescriptorProblem("\(role) \(path) cannot be read; name a file.")
    }
    guard data.count <= maximumSize else {
      throw DescriptorProblem("\(role) \(path) is larger than \(maximumSize >> 20) MiB.")
    }
    return [UInt8](data)
  }
}
