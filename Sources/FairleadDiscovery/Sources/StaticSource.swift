import FairleadBalancing

/// Endpoints that never change.
public struct StaticSource: EndpointSource {
  private let endpoints: [ResolvedEndpoint]

  public init(_ endpoints: [Endpoint]) {
    self.endpoints = endpoints.map { ResolvedEndpoint($0) }
  }

  public func watch(_ feed: ResolutionFeed, hints: ResolverHints) async {
    feed.answered(endpoints)
    // Asked again, it has the same to say, as fresh as ever.
    while await hints.wait() { feed.answered(endpoints) }
  }
}
