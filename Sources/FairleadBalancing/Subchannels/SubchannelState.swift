/// What a subchannel is doing. The raw values are the words of `/clusters`.
public enum SubchannelState: String, Sendable, Hashable, CaseIterable {
  /// Not connected, and not trying to be.
  case idle
  /// An attempt is under way.
  case connecting
  /// It takes calls.
  case ready
  /// An attempt failed, and the next one waits for the backoff; or it is connected to a server that
  /// says that it does not serve.
  case transientFailure = "transient_failure"
  /// It left the set: calls end, none begins. Only its owner still knows it.
  case draining
}
