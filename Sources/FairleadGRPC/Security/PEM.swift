/// Certificates or a key in PEM: a file, or bytes. Says where it is from, never what it holds.
public struct PEM: Sendable, Hashable {
  enum Source: Sendable, Hashable {
    case file(String)
    case bytes([UInt8])
  }

  let source: Source

  /// A file, read anew when it changes.
  public static func file(_ path: String) -> PEM { PEM(source: .file(path)) }

  /// What a file in PEM would hold.
  public static func bytes(_ bytes: [UInt8]) -> PEM { PEM(source: .bytes(bytes)) }
}

extension PEM: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The file's path, or the number of bytes.
  public var description: String {
    switch source {
    case .file(let path): path
    case .bytes(let bytes): "\(bytes.count) bytes of PEM"
    }
  }

  /// As ``description``.
  public var debugDescription: String { description }

  /// Holds no bytes.
  public var customMirror: Mirror { Mirror(self, children: [:], displayStyle: .struct) }
}
