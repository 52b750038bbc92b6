/// All endpoints of one cluster at one moment, each address once, in the order of their source.
public struct EndpointSet: Sendable, Hashable {
  /// In the order of their source, which is the order that `pick_first` tries them in.
  public let endpoints: [Endpoint]

  /// Keeps the first endpoint of each address.
  public init(_ endpoints: some Sequence<Endpoint>) {
    var seen = Set<EndpointAddress>()
    self.endpoints = endpoints.filter { seen.insert($0.address).inserted }
  }

  /// No endpoints: an answer, too.
  public static let empty = EndpointSet([])

  /// Whether there are none.
  public var isEmpty: Bool { endpoints.isEmpty }
  /// How many there are.
  public var count: Int { endpoints.count }
}
