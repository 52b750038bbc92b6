/// Where endpoints come from: what is written for each scheme. A ``Resolver`` makes of it what
/// readers see, so that a source knows nothing of readers, equal answers, bursts or rates.
public protocol EndpointSource: Sendable {
  /// Watches, and tells each whole answer and each failure, until the task is cancelled. Returns
  /// before that if nothing can change any more. May be called again after it returned.
  ///
  /// All tasks it needs are its children. An error is told, never thrown: the source tries again.
  ///
  /// - Parameters:
  ///   - feed: takes what the source learns.
  ///   - hints: tell when it would be good to look again.
  func watch(_ feed: ResolutionFeed, hints: ResolverHints) async
}
