import FairleadLoad

/// A report as one HTML file: no script, nothing from elsewhere, light or dark as the reader's system is, and fit to be printed.
struct LoadPage: Sendable {
  let report: LoadReport

  private let runs: [PageRun]
  private let shown: ShownBackends

  /// Bars of a plot, the others' included.
  private static let shownBackends = 16

  init(report: LoadReport) {
    self.report = report
    runs = report.runs.enumerated().map { PageRun($1, index: $0) }
    shown = ShownBackends(of: report, limit: Self.shownBackends)
  }

  /// The whole file.
  var html: String {
    "<!DOCTYPE html>\n" + Markup.element("html", ["lang": "en"], [head, body]).source + "\n"
  }

  private var head: Markup {
    let method = PeerText.line(report.method)
    return .element(
      "head",
      [:],
      [
        .void("meta", ["charset": "utf-8"]),
        .void("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
        .void("meta", ["name": "color-scheme", "content": "light dark"]),
        // Were there a hole in the escaping, the browser would still run and fetch nothing.
        .void(
          "meta",
          [
            "http-equiv": "Content-Security-Policy",
            "content": "default-src 'none'; style-src 'unsafe-inline'; img-src data:",
          ]),
        .void("link", ["rel": "icon", "href": "data:,"]),
        .element("title", text: "Load on \(method)"),
        .element("style", [:], [PageStyle.sheet]),
      ])
  }

  private var body: Markup {
    let tables = PageTables(runs: runs, shown: shown)
    return .element(
      "body", [:],
      [
        .element(
          "main", [:],
          [header, verdicts] + [backends].compactMap(\.self) + lines + histograms
            + [tables.section].compactMap(\.self) + [footer])
      ])
  }

  private var header: Markup {
    let runs = NumberText.count(report.runs.count, "run")
    let backends = NumberText.count(report.backends.count, "backend")
    return .element(
      "header", [:],
      [
        .element("h1", text: PeerText.line(report.method)),
        .element(
          "p", ["class": "faint"],
          text: "\(runs) of load, \(backends), told apart by \(PeerText.line(report.backendsBy))"),
      ])
  }

  private var verdicts: Markup {
    let cards = runs.map { PageCard(run: $0).markup }
    return .element("section", ["class": "cards\(Self.columns(cards))"], cards)
  }

  /// Nil when no backend has answered.
  private var backends: Markup? {
    let shares = runs.flatMap { shown.rows(of: $0.run).filter { !$0.isOthers }.map(\.share) }
    guard let highest = shares.max(), highest > 0 else { return nil }
    let panels = runs.map { run in
      Self.panel(
        run.words.name,
        BackendChart(run: run, shown: shown).markup(highest: highest), note: run.words.skew)
    }
    let line =
      runs.contains { $0.run.backendCount > 1 } ? " The dashed line marks equal parts." : ""
    return Self.section("Who answered", note: "Calls by backend.\(line)", panels)
  }

  /// Plots in which each run is a line.
  private var lines: [Markup] {
    var panels: [Markup] = []
    if let curve = PercentileChart(runs: runs).markup {
      panels.append(Self.panel("Latency by percentile", curve, legend: legend))
    }
    for subject in [TimelineChart.Subject.latency, .rate] {
      let chart = TimelineChart(subject: subject, runs: runs)
      guard let markup = chart.markup else { continue }
      panels.append(Self.panel(chart.title, markup, legend: legend, note: chart.note))
    }
    let isIntended = runs.contains { $0.run.latency?.isMeasuredFromIntendedStart == true }
    let note = isIntended ? "From when each call was due, in runs with a rate." : nil
    return panels.isEmpty ? [] : [Self.section("How long calls took", note: note, panels)]
  }

  private var histograms: [Markup] {
    let panels = HistogramChart.all(runs).map { Self.panel($0.run.words.name, $0.markup) }
    let note = "How many calls took how long; the axis of latency is logarithmic."
    return panels.isEmpty ? [] : [Self.section("Fast and slow calls", note: note, panels)]
  }

  /// Nil when there is one run, which needs none.
  private var legend: Markup? {
    runs.count == 1
      ? nil
      : .element(
        "ul", ["class": "legend"],
        runs.map { run in
          .element(
            "li", [:],
            [
              .element(
                "svg", ["viewBox": "0 0 28 8", "aria-hidden": "true"],
                [
                  .element(
                    "line", ["x1": "0", "y1": "4", "x2": "28", "y2": "4", "class": run.lineStyle])
                ]), .text(run.words.name),
            ])
        })
  }

  private var footer: Markup {
    let when = report.startedAt.map { ", " + PeerText.line($0) } ?? ""
    return .element(
      "footer", ["class": "faint"], text: "Made by fairlead load \(Version.current)\(when).")
  }

  private static func section(_ title: String, note: String?, _ panels: [Markup]) -> Markup {
    let notes = [note].compactMap(\.self).map { Markup.element("p", ["class": "faint"], text: $0) }
    return .element(
      "section", [:],
      [.element("h2", text: title)] + notes + [
        .element("div", ["class": "grid\(columns(panels))"], panels)
      ])
  }

  /// Four are two and two, rather than three and one; one alone is no wider than it needs.
  private static func columns(_ panels: [Markup]) -> String {
    switch panels.count {
    case 1: " single"
    case 2, 4: " pairs"
    case _: ""
    }
  }

  private static func panel(
    _ title: String, _ chart: Markup, legend: Markup? = nil, note: String? = nil
  ) -> Markup {
    let notes = [note].compactMap(\.self).map { Markup.element("p", ["class": "faint"], text: $0) }
    return .element(
      "figure", [:],
      [.element("figcaption", text: title), chart] + [legend].compactMap(\.self) + notes)
  }
}
