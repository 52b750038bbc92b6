import FairleadGRPC
import GRPCCore
import Synchronization

/// Follows a server's health: connects again when the connection is lost, and tells each change.
final class HealthWatcher: Sendable {
  private let probe: HealthProbe
  private let goal: ProbeOptions.Goal?
  private let clock: any Clock<Duration>
  private let tell: @Sendable (ProbeOutcome) -> Void
  private let state = Mutex<ProbeOutcome?>(nil)

  /// Between the loss of a connection and the next attempt.
  private static let pause = Duration.seconds(1)

  /// - Parameters:
  ///   - probe: How to reach the server.
  ///   - goal: The status to end at; nil to go on until cancelled.
  ///   - clock: What pauses are measured on.
  ///   - tell: Told the state at first and when it changes.
  init(
    _ probe: HealthProbe, goal: ProbeOptions.Goal?, clock: any Clock<Duration> = ContinuousClock(),
    tell: @escaping @Sendable (ProbeOutcome) -> Void
  ) {
    self.probe = probe
    self.goal = goal
    self.clock = clock
    self.tell = tell
  }

  /// How it stands; nil before the first answer.
  var last: ProbeOutcome? { self.state.withLock { $0 } }

  /// Returns when the goal is reached or the server has no health service; nil when the task was cancelled.
  func run() async -> ProbeOutcome? {
    do {
      while true {
        let end = try await self.next()
        // The server's status is known, or will never be.
        if self.isGoal(end) { return end }
        self.heard(end)
        if case .callFailed(.unimplemented, _) = end { return end }
        try await self.clock.sleep(for: Self.pause)
      }
    } catch {
      return nil
    }
  }

  /// One connection, from the first attempt to its end; why it ended, or why there was none.
  private func next() async throws -> ProbeOutcome {
    do {
      return try await self.probe.reach { link in try await self.follow(link) }
    } catch let failure as HealthProbe.Unreached {
      return failure.outcome
    }
  }

  /// One stream, from its first answer to its end.
  ///
  /// - Returns: The goal, if it was reached; otherwise why the stream ended.
  private func follow(_ link: DirectLink) async throws -> ProbeOutcome {
    do {
      return try await HealthMessages.Client(wrapping: link.client).watch(
        self.probe.request, metadata: self.probe.metadata, options: self.probe.callOptions
      ) { response in
        for try await message in response.messages {
          let outcome = ProbeOutcome(message.status)
          self.heard(outcome)
          if self.isGoal(outcome) { return outcome }
        }
        return .callFailed(.unavailable, message: "the server ended the watch")
      }
    } catch let error as RPCError {
      try Task.checkCancellation()
      return ProbeOutcome(await link.explained(error))
    }
  }

  private func heard(_ outcome: ProbeOutcome) {
    let isNews = self.state.withLock { last in
      defer { last = outcome }
      return last != outcome
    }
    if isNews { self.tell(outcome) }
  }

  private func isGoal(_ outcome: ProbeOutcome) -> Bool {
    switch (self.goal, outcome) {
    case (.serving, .serving), (.notServing, .unhealthy): true
    case (nil, _), (.serving, _), (.notServing, _): false
    }
  }
}
