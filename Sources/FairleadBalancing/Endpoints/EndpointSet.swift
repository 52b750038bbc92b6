/// All endpoints of one cluster at one moment, each address once, in the order of their source.
public struct EndpointSet: Sendable, Hashable {
  public let endpoints: [Endpoint]

  /// Keeps the first endpoint of each address.
  public init(_ endpoints: some Sequence<Endpoint>) {
    var seen = Set<EndpointAddress>()
    self.endpoints = endpoints.filter { seen.insert($0.address).inserted }
  }

  public static let empty = EndpointSet([])

  public var isEmpty: Bool { endpoints.isEmpty }
  public var count: Int { endpoints.count }
}
