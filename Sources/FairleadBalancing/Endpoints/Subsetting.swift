/// Picks the part of a set that one client connects to, so that N clients and M servers do not make
/// N × M connections (gRFC A68: random subsetting by rendezvous hashing).
///
/// The salt makes each client's part its own, and the same for as long as it lives: when one server
/// comes or goes, at most one endpoint of the part changes. gRPC's implementations hash by other
/// functions; which part a client has is nobody else's concern.
public struct Subsetting: Sendable, Hashable {
  /// How many endpoints a client connects to; at least 1; `subset_size`.
  public let size: Int

  /// Parts of this size; one below 1 becomes 1.
  public init(size: Int) {
    self.size = max(1, size)
  }

  /// The part of the set that belongs to this salt, in the order of the set. A set that is not
  /// larger stays whole.
  public func subset(of set: EndpointSet, salt: UInt64) -> EndpointSet {
    guard set.count > size else { return set }
    let chosen = Set(set.ranked(by: salt).prefix(size).map(\.address))
    return EndpointSet(set.endpoints.filter { chosen.contains($0.address) })
  }
}

extension EndpointSet {
  /// The same endpoints in an order of this salt's own: any order is as likely (gRFC A62), and those
  /// that stay keep their order when others come and go.
  public func shuffled(salt: UInt64) -> EndpointSet {
    EndpointSet(ranked(by: salt))
  }

  func ranked(by salt: UInt64) -> [Endpoint] {
    endpoints.map { (rank: XXHash64.hash($0.address.description, seed: salt), endpoint: $0) }
      .sorted { first, second in
        first.rank != second.rank
          ? first.rank < second.rank
          : first.endpoint.address.description < second.endpoint.address.description
      }.map(\.endpoint)
  }
}
