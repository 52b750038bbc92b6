import FairleadLoad
import Foundation

/// The line on standard error that goes with a run, if that is a terminal.
struct LoadProgressLine: Sendable {
  let plan: LoadRunPlan
  /// From 1.
  let run: Int
  let runs: Int
  let counter: LoadCounter
  let clock: ContinuousClock

  private static let interval = Duration.milliseconds(250)

  /// Runs `body`, and draws meanwhile.
  func shown<Result: Sendable>(
    _ body: @escaping @Sendable () async throws -> Result
  ) async throws -> Result {
    let line = Console.Progress(isShown: Console.isTerminal)
    guard line.isShown else { return try await body() }
    return try await withThrowingTaskGroup(of: Result?.self) { group in
      group.addTask { try await body() }
      group.addTask {
        await self.draw(on: line)
        return nil
      }
      defer { line.clear() }
      while let result = try await group.next() {
        guard let result else { continue }
        group.cancelAll()
        return result
      }
      throw CancellationError()
    }
  }

  private func draw(on line: Console.Progress) async {
    let progress = LoadProgress(
      name: self.plan.name, run: self.run, runs: self.runs, totalCalls: self.totalCalls,
      totalSeconds: self.totalSeconds)
    let start = self.clock.now
    var last = (calls: 0, at: start)
    while (try? await self.clock.sleep(for: Self.interval)) != nil {
      let now = self.clock.now
      let calls = self.counter.calls
      let rate = Double(calls - last.calls) / last.at.duration(to: now).inSeconds
      last = (calls, now)
      line.show(
        progress.line(
          LoadProgress.State(
            elapsedSeconds: start.duration(to: now).inSeconds,
            isWarmingUp: self.plan.plan.warmUp > 0 && !self.counter.isMeasuring, calls: calls,
            failed: self.counter.failed, callsPerSecond: rate, p99Seconds: self.counter.p99Seconds),
          width: TextStyle.columns(of: STDERR_FILENO) ?? 80))
    }
  }

  private var totalCalls: Int? {
    switch self.plan.plan.extent {
    case .calls(let calls): calls
    case .duration: nil
    }
  }

  private var totalSeconds: Double? {
    switch self.plan.plan.extent {
    case .calls: nil
    case .duration(let length): Double(length + self.plan.plan.warmUp) / 1e9
    }
  }
}

extension Duration {
  fileprivate var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) / 1e18
  }
}
