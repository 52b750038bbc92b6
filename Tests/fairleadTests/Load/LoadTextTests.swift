import FairleadLoad
import Testing

@testable import fairlead

@Suite("A report as text")
struct LoadTextTests {
  private let plain = TextStyle(width: 100, isColoured: false)

  @Test("One run, line by line")
  func oneRun() {
    // Half of the calls take 1 ms, half 2 ms.
    let recorded = [1, 2].map { RecordedLatency(nanoseconds: $0 * 1_000_000, calls: 50) }
    let run = LoadRun.made("proxy", backends: [("a", 50), ("b", 50)], recorded: recorded)
    #expect(
      LoadText(report: .made([run]), style: plain).lines == [
        "helloworld.Greeter/SayHello, backends by header x-pod",
        "",
        "proxy",
        "  127.0.0.1:9000, 1 connection, 10 calls at once",
        "  100 calls in 2.00 s, 50.0 calls/s, none failed, 1.0 KiB sent, 2.0 KiB received",
        "",
        "  latency: mean 1.50 ms ± 500 µs",
        "       latency                                up to  calls",
        "  min  1.00 ms  ████████████                1.00 ms     50  ████████████████████████",
        "  p50  1.00 ms  ████████████                1.12 ms      0",
        "  p75  2.00 ms  ████████████████████████    1.25 ms      0",
        "  p90  2.00 ms  ████████████████████████    1.40 ms      0",
        "  p95  2.00 ms  ████████████████████████    1.60 ms      0",
        "  p99  2.00 ms  ████████████████████████    1.80 ms      0",
        "  max  2.00 ms  ████████████████████████    2.00 ms     50  ████████████████████████",
        "",
        "  backend  calls  share      p50      p99",
        "  a           50  50.0%  1.00 ms  1.00 ms  ████████████████████",
        "  b           50  50.0%  1.00 ms  1.00 ms  ████████████████████",
        "  max/mean 1.00, coefficient of variation 0.00 (by chance about 0.10)",
        "",
        "→ the calls are spread evenly over 2 backends (max/mean 1.00)",
      ])
  }

  @Test("Several runs end with a table of all and a verdict for each")
  func severalRuns() throws {
    let report = LoadReport.made([
      .made("pinned", backends: [("a", 10_000)]),
      .made("even", backends: [("a", 5000), ("b", 5000)]),
    ])
    let lines = LoadText(report: report, style: plain).lines
    #expect(
      lines.suffix(7) == [
        "calls by backend",
        "  run     calls/s  failed      p50      p99  max/mean       a      b",
        "  pinned    5,000       0  1.00 ms  1.00 ms      2.00  10,000      0",
        "  even      5,000       0  1.00 ms  1.00 ms      1.00   5,000  5,000",
        "",
        "pinned: all 10,000 calls went to 1 of 2 backends: the target is balanced by connection",
        "even:   the calls are spread evenly over 2 backends (max/mean 1.00)",
      ])
  }

  @Test("A narrow terminal shows who answered before it shows how fast")
  func narrowComparison() {
    let report = LoadReport.made([
      .made("tcp, 1 connection", backends: [("greeter-1", 10_000)]),
      .made("proxy", backends: [("greeter-1", 5000), ("greeter-2", 3000), ("greeter-3", 2000)]),
    ])
    let lines = LoadText(report: report, style: TextStyle(width: 80, isColoured: false)).lines
    #expect(
      lines.suffix(6).prefix(3) == [
        "  run                calls/s  max/mean  greeter-1  greeter-2  greeter-3",
        "  tcp, 1 connection    5,000      3.00     10,000          0          0",
        "  proxy                5,000      1.50      5,000      3,000      2,000",
      ])
  }

  @Test("Speed makes room where that lets every backend have a column")
  func roomForBackends() {
    let pods = ["echo-server-1", "echo-server-2", "echo-server-3"].map { ($0, 1000) }
    let runs = ["cluster-ip (3 connections)", "proxy"].map { LoadRun.made($0, backends: pods) }
    let lines = LoadText(report: .made(runs), style: plain).lines
    #expect(
      lines.contains(
        "  run                         calls/s  max/mean  echo-server-1  echo-server-2  echo-server-3"
      ))
  }

  @Test("Failures have a table of statuses, and calls without a backend are told")
  func failures() {
    let run = LoadRun.made("r", backends: [("a", 75)], failed: 25, message: "no\nroute")
    let lines = LoadText(report: .made([run], backends: 2), style: plain).lines
    #expect(
      lines.contains(
        "  100 calls in 2.00 s, 50.0 calls/s, 25 failed (25.0%), 1.0 KiB sent, 2.0 KiB received"))
    #expect(lines.contains("  status       calls  share  for example"))
    #expect(lines.contains("  OK              75  75.0%"))
    #expect(lines.contains(#"  UNAVAILABLE     25  25.0%  no\u{a}route"#))
    #expect(lines.contains("  25 calls have no backend."))
    #expect(lines.contains("  1 other      0    0.0%        –        –"))
  }

  @Test("An open loop says what was asked for, and what was never begun")
  func openLoop() {
    let run = LoadRun.made(
      "r", mode: .balanced(policy: "round_robin"), backends: [("a", 75)], rate: 500, notSent: 1)
    let lines = LoadText(report: .made([run]), style: plain).lines
    #expect(
      lines[3] == "  127.0.0.1:9000, balanced here by round_robin, 500 calls/s asked for, "
        + "at most 10 calls at once")
    #expect(lines.contains { $0.hasPrefix("  latency from when each call was due: mean 1.00 ms") })
    #expect(lines.contains { $0.hasPrefix("  1 more call was due and never begun") })
  }

  @Test(
    "No line of the report is wider than the terminal, however many backends there are",
    arguments: [80, 100, 140])
  func width(columns: Int) {
    let report = LoadReport.made([
      .made("one", backends: (1...500).map { ("backend-number-\($0)", 100_000) }),
      .made("two", backends: [("backend-number-1", 100_000)]),
    ])
    let lines = LoadText(report: report, style: TextStyle(width: columns, isColoured: false)).lines
    let verdicts = lines.suffix(2)
    for line in lines.dropLast(2) {
      #expect(line.count <= columns, "\(line)")
    }
    #expect(verdicts.count == 2)
    #expect(lines.contains { $0.contains("477 others") })
  }

  @Test("Colours change no text")
  func colours() {
    let report = LoadReport.made([.made("r", backends: [("a", 75)], failed: 25)])
    let coloured = LoadText(report: report, style: TextStyle(width: 100, isColoured: true)).lines
    let stripped = coloured.map { line in
      line.replacing(#/\u{1B}\[[0-9]*m/#, with: "")
    }
    #expect(stripped == LoadText(report: report, style: plain).lines)
    #expect(coloured != stripped)
  }
}
