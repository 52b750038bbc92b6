/// Why bytes are not a JSON value that can be read: one sentence.
package struct JSONProblem: Error, Sendable, Hashable, CustomStringConvertible {
  package var description: String

  package init(_ description: String) {
    self.description = description
  }
}
