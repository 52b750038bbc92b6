import FairleadBalancing

/// What a call asks of a channel.
struct CallRequest: Sendable {
  /// The subchannel that it has already failed on.
  var avoiding: SubchannelID?
  /// What keeps like calls together; see ``CallHash``.
  var hash: UInt64?
  /// Whether it waits out failures rather than fail with them.
  var waitsForReady: Bool
}
