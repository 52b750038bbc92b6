/// Why a source of endpoints gave no answer, or not the one that was hoped for.
public struct ResolutionFailure: Error, Sendable, Hashable {
  /// What kind of trouble it is.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// The source does not answer: it is down, out of reach, or too slow.
    case unreachable
    /// The source answers that it does not know the name.
    case notFound = "not-found"
    /// The source refuses to tell us.
    case denied
    /// The source answered with something that cannot be understood.
    case malformed
  }

  public var kind: Kind
  /// One sentence: what is wrong, where, and what to do.
  public var message: String

  public init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }
}

extension ResolutionFailure: CustomStringConvertible {
  public var description: String { message }
}
