/// Why one connection could not be made.
package struct DirectConnectionFailure: Error, Sendable, Hashable, CustomStringConvertible {
  /// For the middle of a sentence, or a sentence of its own if it is about TLS.
  package let reason: String

  /// Whether it makes no sense to try again: the server is there, and is not what was meant.
  package let isLasting: Bool

  package init(reason: String, isLasting: Bool) {
    self.reason = reason
    self.isLasting = isLasting
  }

  /// - Parameter error: what the attempt ended with.
  init(_ error: any Error) {
    self.init(
      reason: ConnectionProblem.words(of: error), isLasting: ConnectionProblem.isLasting(error))
  }

  package var description: String { reason }
}
