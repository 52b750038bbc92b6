import FairleadBalancing
import FairleadDiscovery

/// A resolver under test, and the ways to move its source.
public struct ResolverFixture: Sendable {
  public typealias Addresses = Set<EndpointAddress>

  public var resolver: Resolver
  /// What the source answers at first.
  public var initial: Addresses
  /// Gives the source other endpoints, and says which; `nil` if it cannot change.
  public var change: (@Sendable () async throws -> Addresses)?
  /// Leaves the source without endpoints; `nil` if it cannot be empty.
  public var empty: (@Sendable () async throws -> Void)?
  /// Makes the source fail; `nil` if it cannot.
  public var breakDown: (@Sendable () async throws -> Void)?
  /// Ends the failure, with the endpoints that there were before it.
  public var repair: (@Sendable () async throws -> Void)?

  public init(
    _ resolver: Resolver, initial: Addresses,
    change: (@Sendable () async throws -> Addresses)? = nil,
    empty: (@Sendable () async throws -> Void)? = nil,
    breakDown: (@Sendable () async throws -> Void)? = nil,
    repair: (@Sendable () async throws -> Void)? = nil
  ) {
    self.resolver = resolver
    self.initial = initial
    self.change = change
    self.empty = empty
    self.breakDown = breakDown
    self.repair = repair
  }
}
