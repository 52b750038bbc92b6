import Foundation

/// A small file that credentials are read from.
enum CredentialFile {
  /// Far above what any has; it protects against a path that leads elsewhere.
  static let sizeLimit = 4 << 20

  /// - Parameter role: what it is for, in words: `the token of user "ci"`.
  static func read(_ path: String, for role: String) throws(KubernetesFailure) -> [UInt8] {
    guard let handle = FileHandle(forReadingAtPath: path) else {
      let reason = String(cString: strerror(errno)).lowercased()
      throw KubernetesFailure(
        .credentials, "The file \(path) for \(role) cannot be opened: \(reason).")
    }
    defer { try? handle.close() }
    do {
      // One byte more than allowed shows that there is too much.
      let data = try handle.read(upToCount: sizeLimit + 1) ?? Data()
      guard data.count <= sizeLimit else {
        throw KubernetesFailure(
          .credentials,
          "The file \(path) for \(role) is larger than \(sizeLimit) bytes; name the right file.")
      }
      return [UInt8](data)
    } catch let failure as KubernetesFailure {
      throw failure
    } catch {
      throw KubernetesFailure(.credentials, "The file \(path) for \(role) cannot be read.")
    }
  }

  /// A file of one word, as tokens are kept; what stands around it is dropped.
  static func readToken(_ path: String, for role: String) throws(KubernetesFailure) -> Secret {
    let text = String(decoding: try read(path, for: role), as: UTF8.self)
      .trimmingCharacters(in: .whitespacesAndNewlines)
    guard !text.isEmpty else {
      throw KubernetesFailure(.credentials, "The file \(path) for \(role) is empty.")
    }
    return Secret(text)
  }
}
