/// What there is to tell of one subchannel, at one moment.
public struct SubchannelStatus: Sendable, Hashable {
  /// Its name in actions and picks.
  public var id: SubchannelID
  /// The endpoint as the last update described it.
  public var endpoint: Endpoint
  /// What it is doing.
  public var state: SubchannelState
  /// Calls that began and have not ended.
  public var active: Int
  /// Calls that ever began.
  public var total: Int
  /// Why it could not connect, or does not serve, until it does.
  public var lastError: String?
  /// Attempts to connect that failed since it was last ready.
  public var failedAttempts: Int
  /// Outlier detection keeps calls from it.
  public var isEjected: Bool

  /// A status of these values.
  public init(
    id: SubchannelID, endpoint: Endpoint, state: SubchannelState, active: Int, total: Int,
    lastError: String? = nil, failedAttempts: Int = 0, isEjected: Bool = false
  ) {
    self.id = id
    self.endpoint = endpoint
    self.state = state
    self.active = active
    self.total = total
    self.lastError = lastError
    self.failedAttempts = failedAttempts
    self.isEjected = isEjected
  }

  /// The endpoint's share relative to the others of its set.
  public var weight: Int { endpoint.weight }
}
