/// Why connections cannot be secured as asked, in one sentence: what is wrong, where, and what to do.
/// Holds no secret.
public struct SecurityError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The sentence.
  public let message: String

  /// - Parameter message: one sentence.
  public init(_ message: String) {
    self.message = message
  }

  public var description: String { message }
}
