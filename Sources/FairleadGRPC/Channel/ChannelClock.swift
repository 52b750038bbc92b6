/// What time it is for one channel: the time since the channel was made.
struct ChannelClock: Sendable {
  private let start = ContinuousClock.now

  var now: Duration { start.duration(to: .now) }
}
