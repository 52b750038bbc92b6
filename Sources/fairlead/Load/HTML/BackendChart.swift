import FairleadLoad

/// The calls of one run by backend, as bars from the left; a dashed line marks equal parts. The sum of those that are not shown
/// is a number without a bar, which would make the others' small.
struct BackendChart: Sendable {
  let run: PageRun
  let shown: ShownBackends
  private static let rowHeight = 26.0
  /// The least share for which the bars have an axis, so that many small ones can be seen.
  private static let leastScale = 0.05

  /// - Parameter highest: The greatest share of a backend in any run: all runs have one scale.
  func markup(highest: Double) -> Markup {
    let rows = shown.rows(of: run.run)
    let scale = max(highest, Self.leastScale)
    let height = Double(rows.count) * Self.rowHeight + 10
    let summary = rows.map { "\($0.name) \(NumberText.count($0.calls))" }.joined(separator: ", ")
    let chart = Chart(
      id: "backends-\(run.index)", title: "Calls by backend of \(run.words.name)",
      summary: summary, height: height)
    let names = min(max((rows.map(\.name.count).max() ?? 0), 6), 24)
    let geometry = Geometry(start: Double(names) * 8 + 12, width: 420, count: 122)
    let places = rows.enumerated().map { ($1, Double($0) * Self.rowHeight + 5) }
    var content = places.filter { !$0.0.isOthers }.map { bar($0, at: $1, geometry, scale) }
    if let equal = equalShare.map({ geometry.x($0 / scale) }), equal <= geometry.x(1) {
      content.append(chart.line(equal, 0, equal, height, "equal"))
    }
    // Above the line, which would strike a word through.
    content += places.flatMap { words($0, at: $1, geometry, scale, chart) }
    return chart.svg(content)
  }

  /// What each would have if all had the same; nil with nothing to compare.
  private var equalShare: Double? {
    guard let skew = run.run.skew, let most = run.run.backends.map(\.share).max() else {
      return nil
    }
    let share = most / skew.maxOverMean
    return share < 1 ? share : nil
  }

  /// Where the bars are.
  private struct Geometry {
    let start: Double
    let width: Double
    /// Room for the count behind the longest bar.
    let count: Double

    func x(_ share: Double) -> Double {
      start + share * (width - start - count)
    }
  }

  private func bar(
    _ row: ShownBackends.Row, at top: Double, _ geometry: Geometry, _ scale: Double
  ) -> Markup {
    let width = geometry.x(min(1, row.share / scale)) - geometry.start
    return .element(
      "rect",
      [
        "x": Chart.text(geometry.start), "y": Chart.text(top),
        "width": Chart.text(row.calls == 0 ? 0 : max(1, width)),
        "height": Chart.text(Self.rowHeight - 7), "class": run.fillStyle,
      ], [.element("title", text: "\(row.name): \(Self.count(row))")])
  }

  private func words(
    _ row: ShownBackends.Row, at top: Double, _ geometry: Geometry, _ scale: Double, _ chart: Chart
  ) -> [Markup] {
    let middle = top + Self.rowHeight / 2
    let end = geometry.x(row.isOthers ? 0 : min(1, row.share / scale))
    let name = PeerText.end(of: row.name, limit: 24)
    return [
      chart.label(name, x: geometry.start - 8, y: middle, anchor: "end", style: "name"),
      chart.label(Self.count(row), x: end + 6, y: middle, anchor: "start", style: "count"),
    ]
  }

  private static func count(_ row: ShownBackends.Row) -> String {
    "\(NumberText.count(row.calls)) (\(NumberText.percent(row.share)))"
  }
}
