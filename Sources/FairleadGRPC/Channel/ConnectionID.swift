import FairleadBalancing

/// Names one connection of a channel, for as long as the channel lives.
struct ConnectionID: Sendable, Hashable {
  /// Whose connection it is.
  let subchannel: SubchannelID
  /// Unlike that of any other connection of the channel.
  let number: Int
}
