import FairleadBalancing

/// One endpoint of a ``Resolution``, with what its source says of its readiness.
public struct ResolvedEndpoint: Sendable, Hashable {
  public var endpoint: Endpoint
  public var readiness: Readiness

  public init(_ endpoint: Endpoint, readiness: Readiness = .ready) {
    self.endpoint = endpoint
    self.readiness = readiness
  }
}
