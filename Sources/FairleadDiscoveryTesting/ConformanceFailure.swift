/// A promise of the resolver contract that was not kept.
public struct ConformanceFailure: Error, CustomStringConvertible {
  public var description: String

  init(_ description: String) {
    self.description = description
  }
}
