/// The endpoints of one cluster under one policy: owns the subchannel machines and the current picker, decides what to
/// connect, and does no I/O. Its owner carries out the actions and reports what happened.
public struct Balancer: Sendable {
  /// What the owner has to do, in order.
  public enum Action: Sendable, Equatable {
    /// Open a connection to the endpoint; answer with `connected` or `connectFailed`.
    case connect(SubchannelID, Endpoint)
    /// Call `retryElapsed` after this time.
    case retry(SubchannelID, after: Duration)
    /// Call `settleElapsed` after this time.
    case settle(after: Duration)
    /// No new call; close when the running ones have ended. The id is free for another endpoint from now on.
    case drain(SubchannelID)
    /// The picker is another one: calls that wait should ask again.
    case pickerChanged
  }

  public private(set) var picker: any Picker

  public init(policy: any Policy, backoff: Backoff = .grpc, settleTime: Duration, random: RandomSource) {
    preconditionFailure("not written yet")
  }

  /// The set as it is now, whole.
  public mutating func update(_ set: EndpointSet) -> [Action] { [] }
  /// A call wants an endpoint while the balancer is idle: connect.
  public mutating func wake() -> [Action] { [] }
  public mutating func connected(_ id: SubchannelID) -> [Action] { [] }
  public mutating func connectFailed(_ id: SubchannelID, error: String) -> [Action] { [] }
  /// The last usable connection of a ready subchannel is gone (closed, or GOAWAY received).
  public mutating func disconnected(_ id: SubchannelID) -> [Action] { [] }
  public mutating func retryElapsed(_ id: SubchannelID) -> [Action] { [] }
  public mutating func settleElapsed() -> [Action] { [] }
  /// State and counters of every subchannel, for `/clusters`.
  public var subchannels: [SubchannelStatus] { [] }
  public func load(of id: SubchannelID) -> EndpointLoad { EndpointLoad() }
}

public struct Backoff: Sendable { public static let grpc = Backoff() }
public struct SubchannelStatus: Sendable {}
