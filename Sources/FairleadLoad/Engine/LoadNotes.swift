/// What a worker has to say about its run besides numbers.
struct LoadNotes: Sendable {
  /// How many calls the server allows at once on a connection, if that was fewer than were wanted.
  var streamLimit: Int?
  /// Attempts to connect that failed.
  var failedConnections = 0
  /// Why the first of them did.
  var connectionFailure: String?
  /// Which endpoints of a target could not be reached, a sentence.
  var unreachable: String?
  /// Why the first connection was lost, behind "since".
  var lossCause: String?
  /// Calls that had not ended when the run did.
  var unfinished = 0
  /// Why the run ended before its plan was done.
  var failure: String?
  /// Calls that had to wait for others to end, in an open loop.
  var delayed = 0

  mutating func merge(_ other: LoadNotes) {
    streamLimit = [streamLimit, other.streamLimit].compactMap(\.self).min()
    failedConnections += other.failedConnections
    connectionFailure = connectionFailure ?? other.connectionFailure
    lossCause = lossCause ?? other.lossCause
    unfinished += other.unfinished
    delayed += other.delayed
    failure = failure ?? other.failure
  }

  func sentences(plan: LoadPlan, lost: Int) -> [String] {
    var sentences: [String] = []
    // That none is allowed says why the run ended, or what is wrong with its calls.
    if let streamLimit, streamLimit > 0, streamLimit * plan.connections < plan.concurrency {
      sentences.append(
        "The server takes \(NumberText.count(streamLimit, "call")) at once on a connection, so that at most "
          + "\(streamLimit * plan.connections) of \(plan.concurrency) were under way; give more --connections."
      )
    }
    if delayed > 0 {
      sentences.append(
        NumberText.count(delayed, "call") + (delayed == 1 ? " was" : " were")
          + " due while \(plan.concurrency) \(plan.concurrency == 1 ? "was" : "were") under way, and "
          + "began late; latency counts from when a call was due.")
    }
    if lost > 0 {
      let first = lost == 1 ? "" : " the first"
      sentences.append(
        NumberText.count(lost, "connection") + (lost == 1 ? " was" : " were")
          + " lost" + (lossCause.map { ",\(first) since \($0)" } ?? "") + ".")
    }
    if failedConnections > 0, let connectionFailure {
      sentences.append(
        Self.sentence(
          NumberText.count(failedConnections, "attempt")
            + " to connect failed: \(connectionFailure)"))
    }
    if unfinished > 0 {
      sentences.append(
        NumberText.count(unfinished, "call")
          + " had not ended when the run did, and \(unfinished == 1 ? "is" : "are") in no number.")
    }
    if let unreachable { sentences.append(unreachable) }
    return sentences
  }
}
