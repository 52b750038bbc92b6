import FairleadLoad
import Testing

@testable import fairlead

@Suite("A report as a page")
struct LoadPageTests {
  private let hostile = "</script><script>alert(1)</script>\u{202E}"

  private func intervals(_ count: Int, failed: Int = 0) -> [LoadInterval] {
    (0..<count).map { index in
      LoadInterval(
        atSeconds: Double(index), lengthSeconds: 1, calls: 10, failed: failed, p50Seconds: 0.001,
        p99Seconds: 0.002)
    }
  }

  private func count(_ part: String, in text: String) -> Int {
    text.ranges(of: part).count
  }

  @Test("Every run has its plots, each with a title and a description")
  func plots() {
    let report = LoadReport.made([
      .made("one", backends: [("a", 100)], timeline: intervals(3)),
      .made("two", backends: [("a", 50), ("b", 50)], timeline: intervals(3)),
    ])
    let html = LoadPage(report: report).html
    // Percentiles, latency and rate over time; backends and histogram of each run.
    #expect(count("role=\"img\"", in: html) == 7)
    #expect(count("<desc ", in: html) == 7)
    for id in ["percentiles", "over-time-latency", "over-time-rate", "backends-1", "histogram-1"] {
      #expect(count("id=\"\(id)-title\"", in: html) == 1, "\(id)")
    }
  }

  @Test("Nothing that others wrote becomes markup")
  func escaping() {
    let run = LoadRun.made(
      hostile, mode: .balanced(policy: hostile), backends: [(hostile, 100)], failed: 3,
      message: hostile, timeline: intervals(3))
    let report = LoadReport(method: hostile, backendsBy: hostile, runs: [run], backendCount: 2)
    let html = LoadPage(report: report).html
    #expect(!html.contains("<script"))
    #expect(!html.contains("\u{202E}"))
    #expect(html.contains("&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;\\u{202e}"))
  }

  @Test("Nothing is fetched from elsewhere")
  func selfContained() {
    let html = LoadPage(report: .made([.made("r", backends: [("a", 100)])])).html
    #expect(!html.contains("http:") && !html.contains("https:") && !html.contains("src="))
    #expect(!html.contains("url(") && !html.contains("@import"))
    #expect(html.contains("default-src &#39;none&#39;"))
  }

  @Test("It says when the load was made, where that is known")
  func startedAt() {
    let runs = [LoadRun.made("r", backends: [("a", 100)])]
    let report = LoadReport(
      method: "m", backendsBy: "peer", runs: runs, startedAt: "2026-01-02T03:04:05Z")
    #expect(LoadPage(report: report).html.contains(", 2026-01-02T03:04:05Z.</footer>"))
    #expect(LoadPage(report: .made(runs)).html.contains("\(Version.current).</footer>"))
  }

  @Test("Ten thousand backends are as many rows as a reader can take")
  func bounded() {
    let backends = (1...10_000).map { ("pod-\($0)", 100) }
    let html = LoadPage(report: .made([.made("r", backends: backends)])).html
    #expect(html.contains("9,985 others"))
    // They have a number and no bar: fifteen, and those of the histogram.
    let chart = BackendChart(
      run: PageRun(.made("r", backends: backends), index: 0),
      shown: ShownBackends(of: .made([.made("r", backends: backends)]), limit: 16))
    #expect(count("<rect", in: chart.markup(highest: 0.001).source) == 15)
    #expect(html.utf8.count < 100_000)
  }

  @Test("A run in which nothing ended is a page all the same")
  func nothing() {
    let html = LoadPage(report: .made([.made("r", backends: [])])).html
    #expect(html.contains("No call ended."))
    #expect(!html.contains("nan") && !html.contains("inf\""))
    #expect(!html.contains("id=\"percentiles-title\""))
    #expect(!html.contains("Who answered") && !html.contains("In numbers"))
  }

  @Test("Failures over time are a line of their own")
  func failures() {
    let failing = LoadRun.made(
      "r", backends: [("a", 9)], failed: 3, timeline: intervals(3, failed: 1))
    #expect(LoadPage(report: .made([failing])).html.contains("line failures"))
    let fine = LoadRun.made("r", backends: [("a", 9)], timeline: intervals(3))
    #expect(count("line failures", in: LoadPage(report: .made([fine])).html) == 0)
  }

  @Test("A line of few points has dots: one alone draws no line")
  func dots() throws {
    func dots(_ points: Int, failed: Int = 0) throws -> [Int] {
      let run = LoadRun.made(
        "r", backends: [("a", 9)], failed: failed, timeline: intervals(points, failed: failed))
      return try [TimelineChart.Subject.latency, .rate].map { subject in
        let chart = TimelineChart(subject: subject, runs: [PageRun(run, index: 0)])
        return count("<circle ", in: try #require(chart.markup).source)
      }
    }
    #expect(try dots(1) == [2, 1])
    #expect(try dots(1, failed: 1) == [2, 2])
    #expect(try dots(12) == [24, 12])
    #expect(try dots(13) == [0, 0])
    let run = PageRun(.made("r", backends: [("a", 9)], timeline: intervals(1)), index: 0)
    let source = try #require(TimelineChart(subject: .latency, runs: [run]).markup).source
    #expect(source.contains("<title>r: p99 2.00 ms at 500 ms</title>"))
    // In the middle of its interval, which the axis shows whole.
    #expect(count("cx=\"226\"", in: source) == 2)
  }

  @Test("A short last interval, whose rate says nothing, is not drawn")
  func lastInterval() throws {
    let last = LoadInterval(
      atSeconds: 3, lengthSeconds: 0.001, calls: 1000, failed: 0, p50Seconds: 9, p99Seconds: 9)
    let run = LoadRun.made("r", backends: [("a", 9)], timeline: intervals(3) + [last])
    let whole = LoadRun.made("r", backends: [("a", 9)], timeline: intervals(3))
    let charts = [run, whole].map { TimelineChart(subject: .rate, runs: [PageRun($0, index: 0)]) }
    let sources = charts.map { $0.markup?.source }
    #expect(sources[0] == sources[1])
  }
}
