/// Why files cannot be described, or a name cannot be found in them: one sentence.
package struct DescriptorProblem: Error, Sendable, Hashable, CustomStringConvertible {
  package var description: String

  package init(_ description: String) {
    self.description = description
  }
}
