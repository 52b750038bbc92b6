/// How far ``ConnectStrategy/first`` has come with the endpoints of its set.
///
/// Which endpoints it has tried is written on their subchannels: a failure is one of this pass,
/// because a success makes all others forget theirs.
struct Pass: Sendable {
  /// The connection attempt delay of the last `attempt` counts; if not, its end is a late event.
  var isDelayRunning = false
  /// All endpoints had failed, and none was connected since.
  var hasFailed = false
  /// Whose timer ends the rest after two connections that were lost without a call.
  var resting: SubchannelID?
}
