/// Why a run of load cannot be made, in one sentence: what is wrong, where, and what to do.
package struct LoadFailure: Error, Sendable, Hashable, CustomStringConvertible {
  package let description: String

  package init(_ description: String) {
    self.description = description
  }
}
