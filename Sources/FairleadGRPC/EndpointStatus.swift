import FairleadBalancing

/// What there is to tell of one endpoint of a transport, at one moment.
public struct EndpointStatus: Sendable, Hashable {
  /// As its resolver describes it.
  public var endpoint: Endpoint
  public var state: SubchannelState
  /// Calls that began and have not ended.
  public var active: Int
  /// Calls that ever began, since the endpoint came into the set.
  public var total: Int
  /// Outlier detection keeps calls from it.
  public var isEjected: Bool
  /// Connections that take calls: more than one if the server allows fewer streams on each than there
  /// are calls.
  public var connections: Int
  /// Why it could not connect, until it can.
  public var lastError: String?
}
