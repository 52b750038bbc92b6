import GRPCCore

/// How a test server answers the calls that arrive from now on.
struct ServerBehaviour: Sendable {
  /// How long a call waits before anything is sent back.
  var delay: Duration = .zero

  /// What a call waits at before anything is sent back.
  var gate: Gate?

  /// How many of the next calls wait at `gate`; nil: all.
  var gatesLeft: Int?

  /// What a call waits at when its messages are sent, before its status.
  var trailersGate: Gate?

  /// What calls fail with, instead of being answered.
  var failure: ServerFailure?

  /// How many of the next calls fail; nil: all. Counts down to zero, where `failure` has no effect.
  var failuresLeft: Int?

  /// Sent before the messages, beside `x-server`.
  var metadata: Metadata = [:]

  /// Sent with the status, beside `x-server`, be it good or bad.
  var trailingMetadata: Metadata = [:]

  /// What holds for the next call: without the gate or the failure that it is spared.
  mutating func next() -> ServerBehaviour {
    var call = self
    if self.gate != nil, let left = self.gatesLeft {
      self.gatesLeft = max(0, left - 1)
      if left <= 0 { call.gate = nil }
    }
    if self.failure != nil, let left = self.failuresLeft {
      self.failuresLeft = max(0, left - 1)
      if left <= 0 { call.failure = nil }
    }
    return call
  }
}

/// A status other than OK, and when in the response it comes.
struct ServerFailure: Sendable {
  enum Place: Sendable {
    /// In the response's first and only header block.
    case trailersOnly
    /// After a header block, without any message.
    case afterMetadata
    /// After all messages.
    case afterMessages
  }

  var code: RPCError.Code
  var message: String
  var place: Place

  init(
    _ code: RPCError.Code, _ message: String = "told to fail", place: Place = .trailersOnly
  ) {
    self.code = code
    self.message = message
    self.place = place
  }
}
