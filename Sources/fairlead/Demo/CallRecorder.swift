import Foundation
import Synchronization

/// Counts the calls of a running load, and remembers when each pod first answered.
final class CallRecorder: Sendable {
  private struct State {
    var tally = GreetTally()
    var firstReplies: [String: Date] = [:]
    var isEnding = false
  }

  private let state = Mutex(State())
  private let clock: WallClock

  /// - Parameter clock: What first answers are dated with.
  init(clock: WallClock) {
    self.clock = clock
  }

  /// Counts one call.
  func record(_ answer: GreeterConnections.Answer) {
    let now = clock.now
    state.withLock { state in
      switch answer {
      case .reply(_, let pod):
        state.tally.countReply(from: pod)
        if state.firstReplies[pod] == nil { state.firstReplies[pod] = now }
      case .failure(let status, _):
        state.tally.countFailure(status: status)
      }
    }
  }

  /// What was counted up to now.
  var tally: GreetTally { state.withLock(\.tally) }

  /// When `pod` first answered; `nil` if it has not.
  func firstReply(of pod: String) -> Date? {
    state.withLock { $0.firstReplies[pod] }
  }

  /// Whether callers should stop.
  var isEnding: Bool { state.withLock(\.isEnding) }

  /// Tells callers to stop after the call they are in.
  func end() {
    state.withLock { $0.isEnding = true }
  }

  /// Waits until this many more calls were counted.
  ///
  /// - Throws: ``CommandFailure`` when they are not made in time.
  func waitForCalls(_ count: Int, within limit: Duration) async throws {
    let goal = tally.calls + count
    guard try await poll(within: limit, { tally.calls >= goal ? true : nil }) != nil else {
      throw CommandFailure(
        "Only \(tally.calls) of \(goal) calls were made in \(DurationArgument(limit)).")
    }
  }
}
