/// What is wrong with the arguments of `fairlead probe`; exit status 1.
struct ProbeUsageError: Error, Hashable, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}
