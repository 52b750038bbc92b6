import FairleadLoad

/// One run at a glance: its numbers, how it was made, and the verdict.
struct PageCard: Sendable {
  let run: PageRun

  var markup: Markup {
    let words = run.words
    let facts = figures.map { name, value in
      Markup.element("div", [:], [.element("dt", text: name), .element("dd", text: value)])
    }
    return .element(
      "article", ["class": "card \(words.mood.rawValue)"],
      [
        .element(
          "h2", [:], [.element("span", ["class": "dot \(run.fillStyle)"]), .text(words.name)]),
        .element("p", ["class": "faint"], text: words.conditions),
        .element("dl", [:], facts),
        .element("p", ["class": "verdict"], text: Self.sentence(words.verdict)),
      ] + words.remarks.map { .element("p", ["class": "faint"], text: $0) })
  }

  private var figures: [(String, String)] {
    func time(_ percentile: Double) -> String {
      run.run.latency?.seconds(at: percentile).map(NumberText.time) ?? "–"
    }
    return [
      ("calls", NumberText.count(run.run.calls)),
      ("calls/s", NumberText.rate(run.run.callsPerSecond)),
      ("p50", time(50)), ("p99", time(99)),
      ("failed", NumberText.count(run.run.failed)),
    ]
  }

  /// With a capital and a full stop.
  private static func sentence(_ text: String) -> String {
    guard let first = text.first else { return "" }
    return first.uppercased() + text.dropFirst() + "."
  }
}
