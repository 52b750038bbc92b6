import FairleadLoad

/// The line on a terminal that says how a run goes.
struct LoadProgress: Sendable {
  /// The run's name; told only when there are several.
  let name: String

  /// Which run it is, from 1, of how many.
  let run: Int
  let runs: Int

  /// What ends the run: so many calls, or so many seconds; nil what does not.
  let totalCalls: Int?
  let totalSeconds: Double?

  /// How far it is.
  struct State: Sendable, Hashable {
    /// Since the run began, warm-up included.
    var elapsedSeconds: Double
    var isWarmingUp: Bool
    /// Measured calls that have ended.
    var calls: Int
    var failed: Int
    /// Of the last interval.
    var callsPerSecond: Double
    /// Of the last interval; nil when no call ended in it.
    var p99Seconds: Double?
  }

  /// One line, no wider than `width`; what is most wanted stands first, so that a narrow terminal loses the least.
  ///
  /// - Parameter width: Columns of the terminal; a line that wraps could not be drawn over.
  func line(_ state: State, width: Int = 80) -> String {
    var parts: [String] = []
    if runs > 1 { parts.append("\(run)/\(runs) \(PeerText.name(name, limit: 24))") }
    if state.isWarmingUp {
      parts += ["warming up", NumberText.time(state.elapsedSeconds)]
    } else {
      parts += [elapsed(state), calls(state)]
      parts.append("\(NumberText.rate(state.callsPerSecond)) calls/s")
      if let p99 = state.p99Seconds { parts.append("p99 \(NumberText.time(p99))") }
      parts.append(state.failed == 0 ? "none failed" : "\(NumberText.count(state.failed)) failed")
    }
    // The owner of the line ends it with a blank and an ellipsis.
    let limit = max(10, width - 3)
    while parts.count > 1, parts.joined(separator: ", ").count > limit { parts.removeLast() }
    return String(parts.joined(separator: ", ").prefix(limit))
  }

  private func elapsed(_ state: State) -> String {
    let now = Self.clock(state.elapsedSeconds)
    return totalSeconds.map { "\(now) of \(Self.clock($0))" } ?? now
  }

  private func calls(_ state: State) -> String {
    guard let totalCalls else { return NumberText.count(state.calls, "call") }
    return "\(NumberText.count(state.calls)) of \(NumberText.count(totalCalls, "call"))"
  }

  /// Whole seconds, so that the line does not tremble: `7 s`, `2 min 3 s`.
  private static func clock(_ seconds: Double) -> String {
    let whole = Int(min(max(seconds, 0), 1e9))
    return whole < 60 ? "\(whole) s" : "\(whole / 60) min \(whole % 60) s"
  }
}
