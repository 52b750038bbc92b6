/// One server that can answer an RPC, as its source describes it.
public struct Endpoint: Sendable, Hashable {
  /// Where it listens; its identity within an ``EndpointSet``.
  public var address: EndpointAddress
  /// What people call it, a pod's name for example; the address when the source gives none.
  public var name: String
  /// Its share relative to the others of its set, at least 1.
  public var weight: Int
  /// Where it runs, if the source says.
  public var locality: Locality?
  /// The labels of the pod or workload behind it.
  public var labels: [String: String]

  /// An endpoint at this address. A weight below 1 becomes 1; without a name it is called by its
  /// address.
  public init(
    address: EndpointAddress,
    name: String? = nil,
    weight: Int = 1,
    locality: Locality? = nil,
    labels: [String: String] = [:]
  ) {
    self.address = address
    self.name = name ?? address.description
    self.weight = max(1, weight)
    self.locality = locality
    self.labels = labels
  }
}

/// A place in the topology of a cluster: region, zone within it, part of the zone.
public struct Locality: Sendable, Hashable {
  /// `us-east1`, for example; empty if nobody knows.
  public var region: String
  /// `us-east1-b`, for example; empty if nobody knows.
  public var zone: String
  /// A rack or a node, for example; empty if nobody knows.
  public var subzone: String

  /// A place, with empty names for what nobody knows.
  public init(region: String = "", zone: String = "", subzone: String = "") {
    self.region = region
    self.zone = zone
    self.subzone = subzone
  }
}
