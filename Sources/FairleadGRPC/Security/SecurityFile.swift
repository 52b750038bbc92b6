import Foundation

/// Reads what a ``PEM`` stands for.
enum SecurityFile {
  /// Far above what any has: a bundle of all public authorities has a quarter of a MiB.
  static let sizeLimit = 4 << 20

  /// - Parameter role: what it is for, in words that begin a sentence: `The client's private key`.
  static func read(_ pem: PEM, role: String) throws(SecurityError) -> [UInt8] {
    switch pem.source {
    case .bytes(let bytes): return bytes
    case .file(let path): return try read(path, role: role)
    }
  }

  private static func read(_ path: String, role: String) throws(SecurityError) -> [UInt8] {
    guard let handle = FileHandle(forReadingAtPath: path) else {
      let reason = String(cString: strerror(errno)).lowercased()
      throw SecurityError(
        "\(role) cannot be read, \(path): \(reason); check the path and its permissions.")
    }
    defer { try? handle.close() }
    let data: Data
    do {
      // One byte more than allowed shows that there is too much.
      data = try handle.read(upToCount: sizeLimit + 1) ?? Data()
    } catch {
      throw SecurityError("\(role) cannot be read, \(path); name a file in PEM.")
    }
    guard data.count <= sizeLimit else {
      throw SecurityError(
        "\(role) is larger than \(sizeLimit) bytes, \(path); name a file in PEM.")
    }
    return [UInt8](data)
  }
}
