/// Why text is not JSON: one sentence with the line and the column.
package struct JSONProblem: Error, Sendable, Hashable, CustomStringConvertible {
  package var description: String

  package init(_ description: String) {
    self.description = description
  }
}
