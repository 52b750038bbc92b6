import FairleadLoad

/// A report as text: each run by itself, then all of them side by side, and the verdicts last.
struct LoadText: Sendable {
  let report: LoadReport
  let style: TextStyle

  /// Backends beyond these are summed up.
  private static let shownBackends = 24

  /// The whole report.
  var lines: [String] {
    let shown = ShownBackends(of: report, limit: Self.shownBackends)
    var lines = [style.painted(title, .title)]
    for run in report.runs {
      lines += [""] + LoadRunText(run: run, shown: shown, style: style).lines
    }
    if report.runs.count > 1 {
      lines += [""] + ComparisonText(report: report, style: style).lines
    }
    return lines + [""] + verdicts
  }

  /// `helloworld.Greeter/SayHello, backends by header x-pod`.
  private var title: String {
    "\(PeerText.line(report.method)), backends by \(PeerText.line(report.backendsBy))"
  }

  /// One line a run; with a name before it when there are several.
  private var verdicts: [String] {
    let words = report.runs.map { LoadWords(run: $0) }
    let width = words.map(\.name.count).max() ?? 0
    return words.map { words in
      let padding = String(repeating: " ", count: width - words.name.count)
      let name = report.runs.count > 1 ? "\(words.name):\(padding) " : "→ "
      return style.painted(name + words.verdict, Self.paint(words.mood))
    }
  }

  private static func paint(_ mood: LoadWords.Mood) -> TextStyle.Paint {
    switch mood {
    case .good: .good
    case .warning: .warning
    case .bad: .bad
    case .neutral: .title
    }
  }
}
