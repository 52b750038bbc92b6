import FairleadLoad

/// The backends that a report shows one by one, the same ones for every run; the rest are one row, "others".
struct ShownBackends: Sendable {
  /// A row of a table or a bar of a plot.
  struct Row: Sendable, Hashable {
    let name: String
    let calls: Int
    /// Of the calls whose backend is known.
    let share: Double
    let failed: Int
    let p50Seconds: Double?
    let p99Seconds: Double?
    /// Whether it is the sum of those that are not shown.
    var isOthers = false
  }

  /// In the order people count; fit to be shown.
  var names: [String] { keys.map { PeerText.name($0) } }

  /// "7 others", in the run that has most of them; nil when all are shown.
  let others: String?

  private let keys: [String]
  private let isShown: Set<String>

  /// Takes those with the most calls over all runs.
  ///
  /// - Parameter limit: Rows at most, that of the others included; at least 2.
  init(of report: LoadReport, limit: Int) {
    let names = report.backends.names
    let unnamed = report.runs.map { $0.backendCount - $0.backends.count }.max() ?? 0
    if names.count + min(unnamed, 1) <= limit {
      keys = names
    } else {
      var calls: [String: Int] = [:]
      for backend in report.runs.flatMap(\.backends) {
        calls[backend.name, default: 0] += backend.calls
      }
      // Of those with equal calls the first in order stay.
      let most = names.enumerated().sorted { first, second in
        let (one, other) = (calls[first.element, default: 0], calls[second.element, default: 0])
        return (other, first.offset) < (one, second.offset)
      }
      let kept = Set(most.prefix(max(1, limit - 1)).map(\.element))
      keys = names.filter(kept.contains)
    }
    let isShown = Set(keys)
    let hidden = report.runs.map { Self.hidden(of: $0, besides: isShown) }.max() ?? 0
    self.isShown = isShown
    others = hidden == 0 ? nil : NumberText.count(hidden, "other")
  }

  /// How many backends of a run are not shown by themselves, those that nobody has named among them.
  private static func hidden(of run: LoadRun, besides shown: Set<String>) -> Int {
    run.backends.count { !shown.contains($0.name) } + max(0, run.backendCount - run.backends.count)
  }

  /// The run's calls by backend in the order of ``names``, then those of the others if there are any; a dash for a name that is
  /// no backend of this run.
  func cells(of run: LoadRun) -> [String] {
    let calls = Dictionary(run.backends.map { ($0.name, $0.calls) }, uniquingKeysWith: +)
    let cells = keys.map { key in calls[key].map { NumberText.count($0) } ?? "–" }
    guard others != nil else { return cells }
    guard Self.hidden(of: run, besides: isShown) > 0 else { return cells + ["–"] }
    let rest = run.backends.reduce(0) { isShown.contains($1.name) ? $0 : $0 + $1.calls }
    return cells + [NumberText.count(rest)]
  }

  /// A row for each backend of the run that is shown, and one for the others if there are any.
  func rows(of run: LoadRun) -> [Row] {
    var rows: [Row] = []
    var (calls, failed) = (0, 0)
    for backend in run.backends {
      if isShown.contains(backend.name) {
        rows.append(
          Row(
            name: PeerText.name(backend.name), calls: backend.calls, share: backend.share,
            failed: backend.failed, p50Seconds: backend.p50Seconds, p99Seconds: backend.p99Seconds))
      } else {
        calls += backend.calls
        failed += backend.failed
      }
    }
    let hidden = Self.hidden(of: run, besides: isShown)
    guard hidden > 0 else { return rows }
    let attributed = run.calls - run.unattributed
    let share = attributed > 0 ? Double(calls) / Double(attributed) : 0
    rows.append(
      Row(
        name: NumberText.count(hidden, "other"), calls: calls, share: share, failed: failed,
        p50Seconds: nil, p99Seconds: nil, isOthers: true))
    return rows
  }
}
