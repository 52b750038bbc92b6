/// Chooses an endpoint for one RPC. Immutable but for its cursor, so that it can be shared by
/// threads.
///
/// A picker never blocks, allocates or hops threads. It is replaced as a whole when the ready
/// endpoints change.
public protocol Picker: AnyObject, Sendable {
  /// Chooses for one call. Called on any thread, by many at once, for each call that begins.
  ///
  /// An answer should be one of the candidates that the picker was made from; a balancer replaces
  /// the picker when one of them is no longer ready.
  func pick(_ request: PickRequest) -> Pick
}

/// What a picker may know of the RPC.
public struct PickRequest: Sendable {
  /// The subchannel that this RPC has already failed on; chosen again only if there is no other.
  public var avoiding: SubchannelID?
  /// What a policy that keeps like requests together goes by: the ``XXHash64`` of a header's value,
  /// for example. `nil`: any endpoint will do.
  public var hash: UInt64?

  /// What time it is, since any fixed moment, for a policy that weighs old latencies less. `nil`:
  /// no time has passed since the last one.
  public var now: Duration?

  /// A request that leaves all open, but for what is given.
  public init(avoiding: SubchannelID? = nil, hash: UInt64? = nil, now: Duration? = nil) {
    self.avoiding = avoiding
    self.hash = hash
    self.now = now
  }
}

/// A picker's answer.
public enum Pick: Sendable, Hashable {
  /// Use this one: it was ready when the picker was made.
  case subchannel(SubchannelID)
  /// None is ready yet; ask the next picker.
  case wait
  /// None is ready and waiting would not help soon.
  case fail(PickFailure)
}

/// Why no endpoint can be had.
public enum PickFailure: Sendable, Hashable {
  /// The set is empty.
  case noEndpoints
  /// Every endpoint refused or dropped its connection, or says that it does not serve; the last
  /// error in words.
  case allUnreachable(lastError: String)
}
