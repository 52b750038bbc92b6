/// What a policy may know besides its candidates when it makes a picker.
public struct PickerSetting: Sendable {
  /// For chances, and for where a first picker begins.
  public var random: RandomSource
  /// The endpoints of the set that are not ready, in its order; empty unless
  /// ``Policy/considersUnready`` is `true`.
  public var unready: [UnreadyEndpoint]
  /// The time that the owner last told the balancer, since any fixed moment.
  public var now: Duration

  /// A setting; a balancer makes them, and tests of policies.
  public init(random: RandomSource, unready: [UnreadyEndpoint] = [], now: Duration = .zero) {
    self.random = random
    self.unready = unready
    self.now = now
  }
}

/// An endpoint that is in the set and cannot be picked now.
public struct UnreadyEndpoint: Sendable, Hashable {
  /// The endpoint as its source describes it.
  public var endpoint: Endpoint
  /// Its last attempt to connect failed, or its server does not serve; it has not been ready since.
  public var isFailing: Bool

  /// An endpoint of which this is known.
  public init(endpoint: Endpoint, isFailing: Bool) {
    self.endpoint = endpoint
    self.isFailing = isFailing
  }
}
