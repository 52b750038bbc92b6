import Testing

@testable import fairlead

@Suite("The line of progress")
struct LoadProgressTests {
  private func state(
    elapsed: Double = 7.9, calls: Int = 12_345, failed: Int = 0, p99: Double? = 0.0012,
    isWarmingUp: Bool = false
  ) -> LoadProgress.State {
    LoadProgress.State(
      elapsedSeconds: elapsed, isWarmingUp: isWarmingUp, calls: calls, failed: failed,
      callsPerSecond: 4321, p99Seconds: p99)
  }

  @Test("A run of so many calls")
  func total() {
    let progress = LoadProgress(name: "r", run: 1, runs: 1, totalCalls: 20_000, totalSeconds: nil)
    #expect(
      progress.line(state())
        == "7 s, 12,345 of 20,000 calls, 4,321 calls/s, p99 1.20 ms, none failed")
  }

  @Test("A run of so long, one of several")
  func duration() {
    let progress = LoadProgress(
      name: "tcp", run: 2, runs: 3, totalCalls: nil, totalSeconds: 90)
    #expect(
      progress.line(state(elapsed: 61, failed: 1000, p99: nil), width: 100)
        == "2/3 tcp, 1 min 1 s of 1 min 30 s, 12,345 calls, 4,321 calls/s, 1,000 failed")
  }

  @Test("Before it measures, it warms up")
  func warmUp() {
    let progress = LoadProgress(name: "r", run: 1, runs: 1, totalCalls: 1, totalSeconds: nil)
    #expect(progress.line(state(elapsed: 0.5, isWarmingUp: true)) == "warming up, 500 ms")
  }

  @Test("On a narrow terminal it loses its end, and never wraps", arguments: 10...100)
  func narrow(width: Int) {
    let progress = LoadProgress(
      name: "a run with a long name\u{1B}[2J", run: 2, runs: 3, totalCalls: nil, totalSeconds: nil)
    let line = progress.line(state(), width: width)
    #expect(line.count <= max(10, width - 3))
    #expect(!line.contains("\u{1B}"))
    #expect(line.hasPrefix("2/3"))
  }

  @Test("No time is too long or too odd")
  func odd() {
    let progress = LoadProgress(name: "r", run: 1, runs: 1, totalCalls: nil, totalSeconds: nil)
    #expect(progress.line(state(elapsed: -1)).hasPrefix("0 s"))
    #expect(progress.line(state(elapsed: .infinity)).contains(" min "))
  }
}
