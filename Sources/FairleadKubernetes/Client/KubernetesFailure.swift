/// Why the API server could not be asked, or what it answered instead of what was asked for.
package struct KubernetesFailure: Error, Sendable, Hashable {
  package enum Kind: String, Sendable, Hashable, CaseIterable {
    /// There are no usable credentials: a file is missing or wrong, or a plugin failed.
    case credentials
    /// No connection, or one that ended or fell silent.
    case unreachable
    /// The server's certificate is not trusted, or the server does not take ours.
    case certificate
    /// 401.
    case unauthorized
    /// 403.
    case forbidden
    /// 404: the server does not have this API.
    case notFound = "not-found"
    /// 410, or a revision that the server does not have: only a new list helps.
    case expired
    /// 429 and 503.
    case overloaded
    /// Any other status that is no success.
    case refused
    /// An answer that cannot be understood.
    case malformed
    /// An answer above a limit.
    case tooLarge = "too-large"
  }

  package var kind: Kind
  /// One sentence: what is wrong, where, and what to do. Never holds a secret.
  package var message: String
  /// The server's wish, `Retry-After`.
  package var retryAfter: Duration?

  package init(_ kind: Kind, _ message: String, retryAfter: Duration? = nil) {
    self.kind = kind
    self.message = message
    self.retryAfter = retryAfter
  }
}

extension KubernetesFailure: CustomStringConvertible {
  package var description: String { message }
}
