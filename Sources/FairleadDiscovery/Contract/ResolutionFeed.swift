/// Where a source puts what it learns. Safe to use from any thread; never blocks.
public struct ResolutionFeed: Sendable {
  let record: @Sendable (ResolutionOutcome) -> Void

  /// The source answered: these are all its endpoints now, none perhaps.
  ///
  /// - Parameter failure: why the answer is what it is, where readers should know: endpoints that
  ///   were given up because their name is gone.
  public func answered(_ endpoints: [ResolvedEndpoint], beside failure: ResolutionFailure? = nil) {
    record(.answered(endpoints, failure))
  }

  /// The source gave no answer. The last good one stays.
  public func failed(_ failure: ResolutionFailure) {
    record(.failed(failure))
  }
}

/// One word of a source.
enum ResolutionOutcome: Sendable {
  case answered([ResolvedEndpoint], ResolutionFailure?)
  case failed(ResolutionFailure)
}
