import FairleadLoad

/// The numbers of a page as tables, for whoever wants to read them exactly.
struct PageTables: Sendable {
  let runs: [PageRun]
  let shown: ShownBackends

  /// Nil when there are none.
  var section: Markup? {
    let tables = [backends, latencies, statuses].compactMap(\.self)
    guard !tables.isEmpty else { return nil }
    return .element("section", [:], [.element("h2", text: "In numbers")] + tables)
  }

  private var backends: Markup? {
    guard runs.contains(where: { $0.run.skew != nil }) else { return nil }
    let names = shown.names + [shown.others].compactMap(\.self)
    let rows = runs.map { run in
      [run.words.name] + shown.cells(of: run.run)
        + [
          run.run.skew.map { NumberText.decimal($0.maxOverMean, digits: 2) } ?? "–",
          run.run.skew.map { NumberText.decimal($0.coefficientOfVariation, digits: 2) } ?? "–",
        ]
    }
    return Self.table(
      "Calls by backend", ["run"] + names + ["max/mean", "coefficient of variation"], rows)
  }

  private var latencies: Markup? {
    let rows = runs.compactMap { run in
      run.run.latency.map { summary in
        [run.words.name, NumberText.time(summary.minSeconds), NumberText.time(summary.meanSeconds)]
          + summary.percentiles.map { NumberText.time($0.seconds) }
          + [NumberText.time(summary.maxSeconds)]
      }
    }
    guard !rows.isEmpty else { return nil }
    let names = LatencySummary.usualPercentiles.map { "p" + LatencyText.text($0) }
    return Self.table("Latency", ["run", "min", "mean"] + names + ["max"], rows)
  }

  private var statuses: Markup? {
    guard runs.contains(where: { $0.run.failed > 0 }) else { return nil }
    let rows = runs.flatMap { run in
      run.run.statuses.map { status in
        [
          run.words.name, PeerText.name(status.name), NumberText.count(status.calls),
          PeerText.line(status.message ?? "", limit: 200),
        ]
      }
    }
    return Self.table(
      "Status of the calls", ["run", "status", "calls", "for example"], rows, words: [1, 3])
  }

  /// The first cell of each row is its heading.
  ///
  /// - Parameter words: Columns that are not numbers.
  private static func table(
    _ caption: String, _ titles: [String], _ rows: [[String]], words: Set<Int> = []
  ) -> Markup {
    func style(_ column: Int) -> String { words.contains(column) ? "words" : "number" }
    let head = titles.enumerated().map { column, title in
      Markup.element("th", ["scope": "col", "class": style(column)], text: title)
    }
    let body = rows.map { cells in
      Markup.element(
        "tr", [:],
        cells.enumerated().map { column, cell in
          column == 0
            ? .element("th", ["scope": "row"], text: cell)
            : .element("td", ["class": style(column)], text: cell)
        })
    }
    let table = Markup.element(
      "table", [:],
      [
        .element("caption", text: caption),
        .element("thead", [:], [.element("tr", [:], head)]), .element("tbody", [:], body),
      ])
    return .element("div", ["class": "table"], [table])
  }
}
